import { readConfig } from '@sentinel/infra/config';
import cliProgress from 'cli-progress';
import { alpacaSettings, isAlpaca } from './alpaca.ts';
import type { Progress } from './import-files.ts';
import { ImportProblem, readOptions } from './options.ts';
import { runImport } from './run-import.ts';

// Reads bars as people have them, proves them, and writes a library that the replay takes.

const megabytes = (bytes: number): number => Math.ceil(bytes / 1e6);

/** A bar on a terminal; elsewhere the lines of the files are progress enough. */
const progressBar = (): { readonly show: Progress; readonly stop: () => void } => {
  if (!process.stderr.isTTY) return { show: () => undefined, stop: () => undefined };
  const bar = new cliProgress.SingleBar({
    format: '{bar} {value} of {total} MB  {name}',
    stream: process.stderr,
    clearOnComplete: true,
    hideCursor: true,
  });
  let started = false;
  return {
    show: ({ bytes, of, name }) => {
      if (!started) bar.start(megabytes(of), 0, { name });
      started = true;
      bar.update(megabytes(bytes), { name });
    },
    stop: () => bar.stop(),
  };
};

try {
  const settings = readConfig(process.env);
  if (!settings.ok)
    throw new ImportProblem(`${settings.refusal.message} ${settings.refusal.remedy}`);
  const { config, hints } = settings.value;
  for (const hint of hints) process.stderr.write(`${hint}\n`);
  const read = readOptions(process.argv.slice(2), config);
  const alpaca = read.sources.some(isAlpaca) ? alpacaSettings(config) : undefined;
  const options = { ...read, alpaca };
  const bar = progressBar();
  const { summaries, report } = await runImport(
    options,
    (line) => process.stdout.write(`${line}\n`),
    bar.show,
  ).finally(bar.stop);
  const taken = summaries.filter(({ is }) => is === 'taken').length;
  const verb = options.dryRun ? 'would be taken' : `taken into ${options.into}`;
  process.stdout.write(`${taken} of ${summaries.length} ${verb}. Report: ${report}\n`);
  if (taken < summaries.length) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof ImportProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
