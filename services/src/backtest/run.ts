import type { BacktestDay, BacktestFigures } from '@sentinel/contracts/backtest';
import type { Measured } from '@sentinel/contracts/governance';
import type { Money, TradingDate } from '@sentinel/contracts/kernel';
import type { TaskProgress } from '../kernel/index.ts';
import { liveThrough } from './live.ts';
import { checkLookAhead, type LookAhead, sampledCuts } from './look-ahead.ts';
import type { Counts } from './run-state.ts';
import type { BacktestSetup, TestedSymbol } from './setup.ts';
import { paidBetween } from './shares-of-day.ts';
import {
  againstBenchmark,
  annualSharpe,
  annualSortino,
  daysPerYear,
  drawdown,
  returnSummary,
  tradeSummary,
} from './statistics.ts';
import { momentsOf } from './timeline.ts';
import { type Trade, tradeLedger } from './trade-ledger.ts';

/** After so many bars each it is told how far the run is. */
const progressBars = 250;

export type Run = {
  readonly measured: Measured;
  readonly figures: BacktestFigures;
  readonly trades: readonly Trade[];
  readonly days: readonly BacktestDay[];
  readonly finalEquity: Money;
  readonly lookAhead: LookAhead;
  readonly counts: Counts & { readonly bars: number; readonly events: number };
};

type Days = readonly {
  readonly date: TradingDate;
  readonly opening: Money;
  readonly equity: Money;
}[];

const returnsOf = (days: Days): readonly number[] =>
  days.map(({ opening, equity }) =>
    opening === 0n ? 0 : Number(equity - opening) / Number(opening),
  );

/**
 * Daily returns of holding every symbol in equal parts, on the days of the run, with what was paid on them:
 * prices are in the shares of the end, as the market tells them.
 */
const heldReturns = (
  { symbols }: BacktestSetup,
  { closes, days }: { readonly closes: readonly (readonly number[])[]; readonly days: Days },
) =>
  closes.map((today, n) => {
    const before = n === 0 ? undefined : closes[n - 1];
    const [after, upTo] = [days[n - 1]?.date, days[n]?.date];
    const each = symbols.map((tested, of) => {
      const from = before?.[of] ?? tested.bars.open[tested.first] ?? Number.NaN;
      const to = today[of] ?? from;
      const paid =
        after === undefined || upTo === undefined ? 0 : paidBetween(tested, { after, upTo });
      return from > 0 ? (to + paid) / from - 1 : 0;
    });
    return each.reduce((sum, value) => sum + value, 0) / each.length;
  });

const ratio = (above: Money, below: Money): number | null =>
  below === 0n ? null : Number(above) / Number(below);

/** Lives a strategy through its bars and measures what it did, and whether it could have known. */
export const runBacktest = (
  setup: BacktestSetup,
  {
    refind,
    progress,
  }: {
    /** The same strategy put to other bars: it must not keep any of those it was put to before. */
    readonly refind: (symbols: readonly TestedSymbol[]) => BacktestSetup;
    readonly progress: TaskProgress;
  },
): Run => {
  const ledger = tradeLedger();
  const live = liveThrough(setup, ledger.take);
  const days: { date: TradingDate; opening: Money; equity: Money }[] = [];
  const closes: number[][] = [];
  const latest = setup.symbols.map(({ bars, first }) => bars.open[first] ?? Number.NaN);
  const bars = setup.symbols.reduce((sum, each) => sum + each.bars.start.length - each.first, 0);
  const cuts = sampledCuts();
  let [passed, signals] = [0, 0];
  let day: number | undefined;
  const closeDay = (): void => {
    live.close();
    const { dayStartEquity: opening, date, closing } = live.session();
    if (closing === null) return;
    days.push({ date, opening, equity: closing.equity });
    closes.push([...latest]);
  };
  for (const moment of momentsOf(setup.symbols, setup.calendar)) {
    if (day !== undefined && day !== moment.day.day) closeDay();
    day = moment.day.day;
    const from = live.at();
    live.decide(moment);
    cuts.offer(live.counts.signals > signals, () => ({
      ...{ from, moment },
      events: live.events().slice(from.account.kept),
    }));
    ({ signals } = live.counts);
    live.meet(moment);
    for (const { of, bar } of moment.begins)
      latest[of] = setup.symbols[of]?.bars.close[bar] ?? Number.NaN;
    passed += moment.begins.length;
    if (passed % progressBars < moment.begins.length)
      progress(passed, bars, `${moment.day.date}: ${ledger.trades().length} trades`);
  }
  if (day !== undefined) closeDay();
  const lookAhead = checkLookAhead(setup, cuts.kept(), refind);
  const counts = { ...live.counts, bars, events: live.events().length };
  return measuredRun({ setup, ledger, days, closes, lookAhead, counts });
};

const measuredRun = ({
  setup,
  ledger,
  days,
  closes,
  lookAhead,
  counts,
}: {
  readonly setup: BacktestSetup;
  readonly ledger: ReturnType<typeof tradeLedger>;
  readonly days: Days;
  readonly closes: readonly (readonly number[])[];
  readonly lookAhead: LookAhead;
  readonly counts: Run['counts'];
}): Run => {
  const returns = returnsOf(days);
  const summary = returnSummary(returns);
  const trades = ledger.trades();
  const traded = tradeSummary(trades, ledger.fillRate());
  const finalEquity = days.at(-1)?.equity ?? setup.startingCash;
  const curve = [setup.startingCash, ...days.map(({ equity }) => equity)].map(Number);
  const { deepest, longestDays } = drawdown(curve);
  const totalReturn = Number(finalEquity) / Number(setup.startingCash) - 1;
  const annualReturn =
    days.length === 0 || totalReturn <= -1
      ? null
      : (1 + totalReturn) ** (daysPerYear / days.length) - 1;
  const benchmark = againstBenchmark(returns, heldReturns(setup, { closes, days }));
  return {
    measured: {
      from: days[0]?.date ?? ('1970-01-01' as TradingDate),
      to: days.at(-1)?.date ?? ('1970-01-01' as TradingDate),
      ...{ trades: traded, returns: summary, maxDrawdown: deepest },
    },
    figures: {
      ...{ totalReturn, annualReturn, benchmark, longestDrawdownDays: longestDays },
      sharpe: annualSharpe(summary),
      sortino: annualSortino(returns),
      calmar: deepest > 0 && annualReturn !== null ? annualReturn / deepest : null,
      profitFactor: ratio(traded.grossProfit, traded.grossLoss),
    },
    ...{ trades, finalEquity, lookAhead, counts },
    days: days.map(({ date, equity }) => ({ date, equity })),
  };
};
