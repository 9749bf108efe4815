import { exchangeDays } from '@sentinel/contracts/market';
import { type Declarations, splitsOf } from './declarations.ts';
import type { Findings } from './findings.ts';
import type { ImportOptions } from './options.ts';
import { settleClock } from './proof/clock.ts';
import { settleDividends } from './proof/dividends.ts';
import { kindOf } from './proof/kind.ts';
import { inOrder } from './proof/order.ts';
import { sound } from './proof/sound.ts';
import { settleSplitColumn } from './proof/splits.ts';
import { type Verified, verify } from './proof/verify.ts';
import type { PlacedBar, Series } from './series.ts';

/** A symbol's bars as the strict provider takes them, with what goes beside them. */
export type Proven = {
  readonly symbol: string;
  readonly content: string | Uint8Array;
  readonly verified: Verified;
  /** By symbol and date, as in `splits.csv` and `dividends.csv`. */
  readonly splits: ReadonlyMap<string, string>;
  readonly dividends: ReadonlyMap<string, string>;
  readonly dividendsAre: 'in-price' | 'paid' | undefined;
};

type Context = { readonly options: ImportOptions; readonly findings: Findings };

/** Each bar with its date and, below a day, its beginning. */
const placed = (series: Series, context: Context): readonly PlacedBar[] | undefined => {
  const kind = kindOf(series, context.findings);
  if (kind === undefined) return undefined;
  if (kind.is === 'daily')
    return series.bars.map((bar, i) => ({ ...bar, date: kind.dates[i] ?? '', startMs: undefined }));
  const timed = settleClock(series, kind.saysZone, context);
  return timed?.startMs
    .map((startMs) => ({ startMs, date: exchangeDays.dateOf(exchangeDays.at(startMs)) }))
    .flatMap((place, i) => {
      const bar = series.bars[i];
      return bar === undefined ? [] : [{ ...bar, ...place }];
    });
};

const timeOf = ({ date, startMs }: PlacedBar): string =>
  startMs === undefined
    ? date
    : Temporal.Instant.fromEpochMilliseconds(startMs).toString({ smallestUnit: 'second' });

const fileText = (bars: readonly PlacedBar[]): string => {
  const time = bars[0]?.startMs === undefined ? 'date' : 'timestamp';
  const rows = bars.map(
    (bar) => `${timeOf(bar)},${bar.open},${bar.high},${bar.low},${bar.close},${bar.volume}`,
  );
  return `${[`${time},open,high,low,close,volume`, ...rows].join('\n')}\n`;
};

/** Declared lines that contradict what a library already says are no addition. */
const agree = (
  found: ReadonlyMap<string, string>,
  known: ReadonlyMap<string, string>,
  findings: Findings,
): void => {
  for (const [key, value] of found) {
    const other = known.get(key);
    if (other !== undefined && other !== value && Number(other) !== Number(value))
      findings.refused('declared', `says ${key},${value}, where the library says ${other}`);
  }
};

/** Proves one symbol's bars; undefined when something is asked or refused. */
export const proveSeries = (
  series: Series,
  declared: Declarations,
  context: Context,
): Proven | undefined => {
  const { symbol } = series;
  const timed = placed(series, context);
  if (timed === undefined) return undefined;
  const bars = sound(inOrder(timed, context), context);
  if (!context.findings.stands()) return undefined;
  const found = settleSplitColumn(bars, context.findings);
  const payments = settleDividends(bars, found, context);
  const splits = new Map(
    found.map(({ date, newShares, oldShares }) => [
      `${symbol},${date}`,
      `${newShares}:${oldShares}`,
    ]),
  );
  const dividends = new Map(
    payments.declared.map(({ date, amount }) => [`${symbol},${date}`, amount]),
  );
  agree(splits, declared.splits, context.findings);
  agree(dividends, declared.dividends, context.findings);
  const content = fileText(bars);
  const known = splitsOf(new Map([...splits, ...declared.splits]), symbol);
  const lineOf = (line: number) => bars[line - 2]?.line ?? 0;
  const verified = verify({ file: `${symbol}.csv`, content, splits: known }, context, lineOf);
  if (verified === undefined || !context.findings.stands()) return undefined;
  return { symbol, content, verified, splits, dividends, dividendsAre: payments.are };
};
