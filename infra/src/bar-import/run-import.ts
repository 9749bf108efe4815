import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type Finding, sentenceOf } from './findings.ts';
import { importAll } from './import-all.ts';
import type { Outcome, Progress } from './import-files.ts';
import type { ImportOptions } from './options.ts';
import { pageOf } from './report/page.ts';
import { libraryFindings, lineOf, type Summary, summaryOf } from './report/summary.ts';
import { writeBars, writeDeclarations, writeWhole } from './writing.ts';

export type ImportResult = {
  readonly summaries: readonly Summary[];
  readonly library: readonly Finding[];
  /** Where the report was written. */
  readonly report: string;
};

const written = async (outcome: Outcome, options: ImportOptions): Promise<Outcome> => {
  const { proven, source, findings } = outcome;
  if (proven === undefined || options.dryRun) return outcome;
  const result = await writeBars(options, proven);
  if (typeof result !== 'object') return outcome;
  const refused: Finding = {
    source,
    line: 0,
    is: 'refused',
    about: 'writing',
    text: result.problem,
    count: 1,
  };
  return { ...outcome, proven: undefined, findings: [...findings, refused] };
};

/** Imports everything that the options name, says each in a line, and writes the library and the report. */
export const runImport = async (
  options: ImportOptions,
  say: (line: string) => void,
  progress: Progress,
): Promise<ImportResult> => {
  const summaries: Summary[] = [];
  const declared: Pick<NonNullable<Outcome['proven']>, 'splits' | 'dividends'>[] = [];
  for await (const outcome of importAll(options, progress)) {
    const done = await written(outcome, options);
    const summary = summaryOf(done);
    summaries.push(summary);
    if (done.proven !== undefined)
      declared.push({ splits: done.proven.splits, dividends: done.proven.dividends });
    say(lineOf(summary));
  }
  if (!options.dryRun && declared.length > 0) await writeDeclarations(options.into, declared);
  const library = libraryFindings(options.into, summaries);
  for (const finding of [...summaries.flatMap(({ findings }) => findings), ...library])
    if (finding.is !== 'proved') say(`  ${finding.is}: ${sentenceOf(finding)}`);
  await mkdir(options.into, { recursive: true });
  const report = join(options.into, 'import-report.html');
  await writeWhole(report, pageOf(options.into, summaries, library));
  await writeWhole(
    join(options.into, 'import-report.json'),
    `${JSON.stringify({ into: options.into, library, files: summaries }, null, 1)}\n`,
  );
  return { summaries, library, report };
};
