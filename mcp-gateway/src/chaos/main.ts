import { parseArgs } from 'node:util';
import { z } from 'zod';
import { runChaos } from './run.ts';

// Kills the real program at random moments and verifies that nothing acknowledged is ever lost:
// `npm run chaos -- --kills 50 --seed 1`. The same seed plans the same kills.
// With EVENTSTORE_URL the log is on that server, under streams of the run's own.

const optionsSchema = z.object({
  kills: z.coerce.number().int().min(1).max(1_000).default(50),
  seed: z.coerce.number().int().min(0).max(999_999_999).default(1),
});

const say = (line: string): void => void process.stdout.write(`${line}\n`);

const given = parseArgs({
  options: { kills: { type: 'string' }, seed: { type: 'string' } },
}).values;
const { kills, seed } = optionsSchema.parse(given);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => stop.abort(new Error('interrupted')));

const { counts, totals, violations } = await runChaos({
  kills,
  seed,
  tell: say,
  signal: stop.signal,
});
for (const [kind, count] of counts) say(`${`${count}`.padStart(5)} × ${kind}`);
for (const [what, amount] of totals) say(`${what}: ${amount}`);
for (const violation of violations) say(`VIOLATION: ${violation}`);
say(
  violations.length === 0
    ? `PASSED: ${kills} kills with seed ${seed}, nothing lost, nothing twice.`
    : `FAILED: ${violations.length} violation(s) with seed ${seed}.`,
);
process.exit(violations.length === 0 ? 0 : 1);
