import { EventStoreCorrupt, EventStoreUnavailable } from '@sentinel/contracts/kernel';
import { parseConfig } from '../config/index.ts';
import { forgetDerived } from '../postgres/index.ts';
import { StartupError } from '../runtime/index.ts';
import { MigrationRefused } from './log-end.ts';
import { migrateLog } from './migrate-log.ts';
import { openEnd } from './open-end.ts';
import { MigrationProblem, readOptions } from './options.ts';
import { progressLines } from './progress-lines.ts';

// Copies a log from one store into another, and proves that both hold the same.

const say = (line: string): void => void process.stdout.write(`${line}\n`);
const log = { info: say, warn: (line: string) => void process.stderr.write(`${line}\n`) };

class Stopped extends Error {
  override readonly name = 'Stopped';
}

const run = async (args: readonly string[], signal: AbortSignal): Promise<void> => {
  const { from, to } = readOptions(args);
  const parsed = parseConfig(process.env);
  if (!parsed.ok) throw new MigrationProblem(`${parsed.refusal.message} ${parsed.refusal.remedy}`);
  const closing: (() => Promise<void>)[] = [];
  try {
    const opening = { config: parsed.value, log, closing };
    const source = await openEnd(from, opening);
    const target = await openEnd(to, opening);
    const onProgress = progressLines(say, { nowMs: () => performance.now(), everyMs: 1_000 });
    const { events, found, digest } = await migrateLog({ source, target, signal, onProgress });
    for (const { connectionString } of [source, target])
      if (connectionString !== undefined) await forgetDerived(connectionString);
    say(`${events} events stand in both, ${found} of them from before. Digest of both: ${digest}`);
    say('The next start builds the views from the log that it is given.');
  } finally {
    for (const close of closing.toReversed()) await close();
  }
};

const expected = [
  ...[MigrationProblem, MigrationRefused, StartupError],
  ...[EventStoreUnavailable, EventStoreCorrupt],
];

const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, () => stop.abort(new Stopped('Stopped. The same command goes on from here.')));
try {
  await run(process.argv.slice(2), stop.signal);
} catch (error) {
  const known = error instanceof Stopped || expected.some((type) => error instanceof type);
  if (!known || !(error instanceof Error)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = error instanceof Stopped ? 130 : 1;
}
