import { writeSync } from 'node:fs';

// Preloaded into a program that is measured: only the process itself can say on every system what it
// took at its highest.
process.on('exit', () => writeSync(2, `peak memory ${process.resourceUsage().maxRSS} kB\n`));
