import { asItIs } from './as-it-is.ts';
import { readSeries } from './columns/read-series.ts';
import { tickerInName } from './columns/symbols.ts';
import { unfoldTickers } from './columns/wide.ts';
import {
  addDeclarations,
  type Declarations,
  isDeclaration,
  readDeclarations,
} from './declarations.ts';
import { type Finding, findingsOf } from './findings.ts';
import type { ImportOptions } from './options.ts';
import { type Proven, proveSeries } from './prove-series.ts';
import { decode } from './reading/decode.ts';
import { readJson } from './reading/json.ts';
import { type Found, findSources, openSource, type Source } from './reading/sources.ts';
import { readTable } from './reading/table.ts';
import type { Series } from './series.ts';

/** What came of one symbol of one or more sources, or of a source that held none. */
export type Outcome = {
  /** The source, or the first of several with how many more. */
  readonly source: string;
  readonly symbol: string | undefined;
  readonly findings: readonly Finding[];
  /** Undefined when something is asked or refused. */
  readonly proven: Proven | undefined;
};

export type Progress = (done: {
  readonly bytes: number;
  readonly of: number;
  readonly name: string;
}) => void;

const labelOf = (names: readonly string[]): string => {
  const [first = ''] = names;
  return names.length === 1 ? first : `${first} and ${names.length - 1} more`;
};

const tableOf = (source: Source, findings: ReturnType<typeof findingsOf>) => {
  const text = decode(source.bytes, findings);
  if (text === undefined) return undefined;
  if (/^\s*[[{]/.test(text.slice(0, 200).replace(/^\uFEFF/, ''))) return readJson(text, findings);
  return unfoldTickers(readTable(text, findings));
};

/** Sources of one symbol, by their names, are one history in pieces. */
const merged = (all: readonly Series[]): readonly Series[] => {
  const bySymbol = new Map<string, Series>();
  for (const series of all) {
    const before = bySymbol.get(series.symbol);
    bySymbol.set(
      series.symbol,
      before === undefined ? series : { ...before, bars: [...before.bars, ...series.bars] },
    );
  }
  return [...bySymbol.values()];
};

const unreadOutcome = (name: string, problem: string): Outcome => ({
  source: name,
  symbol: undefined,
  proven: undefined,
  findings: [{ source: name, line: 0, is: 'refused', about: 'reading', text: problem, count: 1 }],
});

/** A row of text takes some thirty times its bytes until it is a bar. */
const mostTextBytes = 100_000_000;
const tooLarge =
  'is larger than 100 MB and not of the columns date or timestamp, open, high, low, close, volume with times such as 2021-01-11 09:30:00: part it, and import the parts one by one';

/** What some files of one symbol come to; nothing is thrown for what they hold. */
export const importGroup = (
  sources: readonly Source[],
  declared: Declarations,
  options: ImportOptions,
): readonly Outcome[] => {
  const label = labelOf(sources.map(({ name }) => name));
  const [only] = sources;
  if (only !== undefined && sources.length === 1) {
    const findings = findingsOf(label);
    const proven = asItIs(only, declared, { options, findings });
    if (proven !== undefined)
      return [{ source: label, symbol: proven.symbol, findings: findings.list(), proven }];
  }
  const size = sources.reduce((sum, { bytes }) => sum + bytes.length, 0);
  if (size > mostTextBytes) return [unreadOutcome(label, tooLarge)];
  const series: Series[] = [];
  const reading: Finding[] = [];
  let stands = true;
  for (const source of sources) {
    const findings = findingsOf(source.name);
    const table = tableOf(source, findings);
    if (table !== undefined)
      series.push(...readSeries(table, { file: source.file, options, findings }));
    stands &&= findings.stands();
    reading.push(...findings.list());
  }
  if (!stands)
    return [{ source: label, symbol: series[0]?.symbol, findings: reading, proven: undefined }];
  return merged(series).map((one, i) => {
    const findings = findingsOf(label);
    const proven = proveSeries(one, declared, { options, findings });
    return {
      source: label,
      symbol: one.symbol,
      findings: [...(i === 0 ? reading : []), ...findings.list()],
      proven,
    };
  });
};

/** Declarations among the sources, then the bars, piece by piece: neighbours of one ticker together. */
const groupsOf = async function* (
  found: readonly Found[],
  progress: Progress,
): AsyncGenerator<{ readonly sources: readonly Source[]; readonly unread: readonly Outcome[] }> {
  const of = found.reduce((sum, { size }) => sum + size, 0);
  let [bytes, key] = [0, ''];
  let group: Source[] = [];
  for (const file of found) {
    progress({ bytes, of, name: file.path });
    const opened = await openSource(file);
    const unread = opened.unread.map(({ name, problem }) => unreadOutcome(name, problem));
    if (unread.length > 0) yield { sources: [], unread };
    for (const source of opened.sources) {
      const ticker = tickerInName(source.file);
      if (group.length > 0 && (ticker === undefined || ticker !== key)) {
        yield { sources: group, unread: [] };
        group = [];
      }
      key = ticker ?? '';
      group.push(source);
    }
    bytes += file.size;
  }
  if (group.length > 0) yield { sources: group, unread: [] };
  progress({ bytes: of, of, name: '' });
};

/** A symbol that came before in this run must not be replaced by what came after. */
const refuseSecond = (outcome: Outcome, seen: Map<string, string>): Outcome => {
  const { symbol, proven, source } = outcome;
  const first = symbol === undefined ? undefined : seen.get(symbol);
  if (symbol !== undefined && first === undefined && proven !== undefined) seen.set(symbol, source);
  if (proven === undefined || first === undefined) return outcome;
  const text = `is of ${symbol}, as ${first} is: import them apart, or name pieces of one history alike`;
  const finding: Finding = { source, line: 0, is: 'refused', about: 'symbol', text, count: 1 };
  return { ...outcome, proven: undefined, findings: [...outcome.findings, finding] };
};

/**
 * Reads and proves what the sources hold, symbol by symbol. Nothing is written here; every fault is
 * among the outcomes, and none is thrown.
 */
export const importSources = async function* (
  options: ImportOptions,
  progress: Progress,
): AsyncGenerator<Outcome> {
  const { found, unread } = await findSources(options.sources);
  const declared = await readDeclarations(options.into);
  for (const { name, problem } of unread) yield unreadOutcome(name, problem);
  const bars: Found[] = [];
  for (const file of found) {
    const name = file.path.split(/[\\/]/).at(-1) ?? '';
    if (!isDeclaration(name)) bars.push(file);
    else
      for (const { bytes } of (await openSource(file)).sources)
        addDeclarations(declared, name, new TextDecoder().decode(bytes));
  }
  const seen = new Map<string, string>();
  for await (const { sources, unread: failed } of groupsOf(bars, progress)) {
    yield* failed;
    if (sources.length === 0) continue;
    for (const outcome of importGroup(sources, declared, options))
      yield refuseSecond(outcome, seen);
  }
  if (found.length === 0 && unread.length === 0)
    yield unreadOutcome(options.sources.join(' '), 'holds no files');
};
