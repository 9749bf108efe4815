import { readFile } from 'node:fs/promises';
import { readOptions, runImport } from '@sentinel/infra/bar-import';
import { historicalMarketData } from '@sentinel/infra/market-data';

// One task on bars in a process of its own: its time and the most memory that it took, as one line of JSON.

const [comma, newLine, point, zero, nine] = [44, 10, 46, 48, 57];
const width = 6;

/** The floor: every figure of a table into a column, in one pass by index, with no question asked. */
const parsePlainly = (bytes: Uint8Array): number => {
  const { length } = bytes;
  let rows = 0;
  for (let at = bytes.indexOf(newLine); at !== -1; at = bytes.indexOf(newLine, at + 1)) rows++;
  const figures = new Float64Array((rows + 1) * width);
  let place = 0;
  let value = 0;
  let scale = 0;
  for (let at = bytes.indexOf(newLine) + 1; at < length; at++) {
    const byte = bytes[at] ?? 0;
    if (byte >= zero && byte <= nine) {
      value = value * 10 + (byte - zero);
      scale *= 10;
    } else if (byte === point) scale = 1;
    else if (byte === comma || byte === newLine) {
      figures[place++] = scale === 0 ? value : value / scale;
      value = 0;
      scale = 0;
    }
  }
  return figures[place >> 1] ?? 0;
};

const [task = '', from = '', into = ''] = process.argv.slice(2);
const replay = () =>
  historicalMarketData({ directory: from, speed: 1, monotonicMs: () => performance.now() });

const tasks: Readonly<Record<string, () => Promise<unknown>>> = {
  nothing: async () => undefined,
  parse: async () => parsePlainly(await readFile(from)),
  import: () =>
    runImport(
      readOptions([from, '--into', into], undefined),
      () => undefined,
      () => undefined,
    ),
  ready: replay,
  bound: async () => (await replay()).boundBars().length,
};

const run = tasks[task];
if (run === undefined) throw new Error(`there is no task ${task}`);
const before = performance.now();
await run();
const ms = performance.now() - before;
process.stdout.write(`${JSON.stringify({ ms, peakMb: process.resourceUsage().maxRSS / 1_000 })}\n`);
