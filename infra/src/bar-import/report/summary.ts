import { exchangeDays } from '@sentinel/contracts/market';
import type { Finding } from '../findings.ts';
import type { Outcome } from '../import-files.ts';

/** A symbol's closes on a grid small enough to draw. */
export type Chart = { readonly dates: readonly string[]; readonly closes: readonly number[] };

/** What the report keeps of an outcome, when its bars have been let go. */
export type Summary = {
  readonly source: string;
  readonly symbol: string | null;
  /** `taken`, or what keeps it from being. */
  readonly is: 'taken' | 'asked' | 'refused';
  readonly timeframe: string | null;
  readonly bars: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly splits: readonly string[];
  readonly dividends: number;
  readonly dividendsAre: 'in-price' | 'paid' | null;
  readonly findings: readonly Finding[];
  readonly chart: Chart;
};

const mostPoints = 400;

const chartOf = ({ proven }: Outcome): Chart => {
  if (proven === undefined) return { dates: [], closes: [] };
  const { close: closes, day: days } = proven.verified.stored.history;
  const step = Math.max(1, closes.length / mostPoints);
  const at: number[] = [];
  for (let n = 0; Math.floor(n) < closes.length; n += step) at.push(Math.floor(n));
  return {
    dates: at.map((i) => exchangeDays.dateOf(days[i] ?? 0)),
    closes: at.map((i) => (closes[i] ?? 0) / 1e6),
  };
};

export const summaryOf = (outcome: Outcome): Summary => {
  const { proven, findings } = outcome;
  const isRefused = findings.some(({ is }) => is === 'refused');
  const days = proven?.verified.stored.days;
  const [first, last] = [days?.[0], days?.at(-1)].map((day) =>
    day === undefined ? null : exchangeDays.dateOf(day),
  );
  return {
    source: outcome.source,
    symbol: outcome.symbol ?? null,
    is: proven !== undefined ? 'taken' : isRefused ? 'refused' : 'asked',
    timeframe: proven?.verified.barFile.timeframe ?? null,
    bars: proven?.verified.barFile.bars.length ?? 0,
    from: first ?? null,
    to: last ?? null,
    splits: [...(proven?.splits ?? [])].map(([key, ratio]) => `${key},${ratio}`),
    dividends: proven?.dividends.size ?? 0,
    dividendsAre: proven?.dividendsAre ?? null,
    findings,
    chart: chartOf(outcome),
  };
};

/** What all files together show, and no one of them: bars that are not of one kind. */
export const libraryFindings = (
  into: string,
  summaries: readonly Summary[],
): readonly Finding[] => {
  const taken = summaries.filter(({ is }) => is === 'taken');
  const told = (about: string, text: string): Finding => ({
    source: into,
    line: 0,
    is: 'told',
    about,
    text,
    count: 1,
  });
  const findings: Finding[] = [];
  const by = (are: 'in-price' | 'paid') => taken.filter(({ dividendsAre }) => dividendsAre === are);
  const [inPrice, paid] = [by('in-price'), by('paid')];
  if (inPrice.length > 0 && paid.length > 0)
    findings.push(
      told(
        'mixed',
        `is mixed: prices of ${inPrice.length} symbols (such as ${inPrice[0]?.symbol}) are adjusted for dividends, and those of ${paid.length} (such as ${paid[0]?.symbol}) are not`,
      ),
    );
  const frames = [...new Set(taken.map(({ timeframe }) => timeframe))];
  if (frames.length > 1)
    findings.push(told('mixed', `is mixed: it holds bars of ${frames.join(' and ')}`));
  return findings;
};

/** One line for people. */
export const lineOf = (summary: Summary): string => {
  const { symbol, source, is, bars, timeframe, from, to, findings } = summary;
  const marks = { taken: 'taken  ', asked: 'asks   ', refused: 'refused' } as const;
  if (is !== 'taken') return `${marks[is]}  ${symbol ?? '?'}  ${source}`;
  const count = (standing: Finding['is']) =>
    findings.filter((finding) => finding.is === standing).length;
  return `${marks[is]}  ${symbol}  ${bars} bars of ${timeframe}, ${from} to ${to}; ${count('proved')} proved, ${count('told')} told  ${source}`;
};
