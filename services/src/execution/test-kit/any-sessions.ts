import fc from 'fast-check';
import type { Life } from './lived-sessions.ts';
import type { CentBar, Script, SymbolScript } from './session-script.ts';
import type { Account, Wish } from './wishes.ts';

const names = ['AAA', 'BBB', 'CCC', 'DDD', 'EEE'] as const;
const sessionsInAll = 4;
export const minutesEach = 6;
const lastSecond = sessionsInAll * minutesEach * 60 - 1;

const step = fc.record({
  move: fc.integer({ min: -90, max: 90 }),
  up: fc.nat(60),
  down: fc.nat(60),
  volume: fc.constantFrom(0, 900, 6_000, 90_000, 90_000, 90_000),
});
const shape = fc.record({
  steps: fc.array(step, { minLength: 5, maxLength: 5 }),
  /** Basis points by which a session opens off the close before. */
  gaps: fc.array(fc.integer({ min: -900, max: 900 }), {
    minLength: sessionsInAll,
    maxLength: sessionsInAll,
  }),
  /** Minutes without a print at the opening of each session. */
  late: fc.constantFrom(0, 0, 1, 3),
  /** A session without any bar of it. */
  missing: fc.constantFrom(null, null, 1, 2),
  /** The session after which its bars end. */
  ends: fc.constantFrom(1, 2, sessionsInAll - 1, sessionsInAll - 1, sessionsInAll - 1),
});
type Shape = typeof shape extends fc.Arbitrary<infer Value> ? Value : never;

/** Minutes of each session. The first symbol prints always, so that the replay goes on. */
const scripted = ({ steps, gaps, late, missing, ends }: Shape, first: boolean): SymbolScript => {
  let cents = 10_000;
  return gaps.map((gapBps, session) => {
    cents = Math.round((cents * (10_000 + (session === 0 ? 0 : gapBps))) / 10_000);
    return Array.from({ length: minutesEach }, (_, minute): CentBar | null => {
      const { move, up, down, volume } = steps[
        (minute + session) % steps.length
      ] as Shape['steps'][0];
      const open = cents;
      cents = Math.max(2_000, open + move);
      const [high, low] = [Math.max(open, cents) + up, Math.min(open, cents) - down];
      const prints = first || (session !== missing && session <= ends && minute >= late);
      return prints ? { open, high, low, close: cents, volume } : null;
    });
  });
};

const inSession = fc.integer({ min: 1, max: sessionsInAll - 1 });
const symbolOf = fc.nat(names.length - 1);

const kinds = [
  ...(['market', 'market', 'limit', 'stop', 'stop_limit', 'trailing', 'bracket'] as const),
  ...(['opening', 'closing', 'cancel', 'replace'] as const),
];
const anyWish = fc.record({
  second: fc.integer({ min: 1, max: lastSecond - 60 }),
  symbol: symbolOf,
  /** A sale is of what is held at the most; where nothing is, it is a purchase, or short if it says so. */
  side: fc.constantFrom('buy' as const, 'sell' as const, 'sell' as const, 'sell_short' as const),
  kind: fc.constantFrom(...kinds),
  shares: fc.integer({ min: 1, max: 400 }),
  all: fc.boolean(),
  keeps: fc.boolean(),
  offBps: fc.integer({ min: -150, max: 150 }),
  awayBps: fc.integer({ min: 20, max: 300 }),
});

/** Two to five symbols over a weekend: gaps, late first prints, missing days, bars that end, payments. */
const anyScript = fc
  .record({
    shapes: fc.array(shape, { minLength: 2, maxLength: names.length }),
    dividends: fc.uniqueArray(
      fc.record({ symbol: symbolOf, session: inSession, cents: fc.integer({ min: 1, max: 300 }) }),
      { maxLength: 3, selector: ({ symbol, session }) => `${symbol} ${session}` },
    ),
    splits: fc.uniqueArray(
      fc.record({ symbol: symbolOf, session: inSession, newShares: fc.constantFrom(2, 3) }),
      { maxLength: 2, selector: ({ symbol, session }) => `${symbol} ${session}` },
    ),
  })
  .map(({ shapes, dividends, splits }): Script => {
    const named = <Of extends { readonly symbol: number }>(each: Of) => ({
      ...each,
      symbol: names[each.symbol % shapes.length] as string,
    });
    const once = <Of extends { readonly symbol: string; readonly session: number }>(
      all: readonly Of[],
    ) => [...new Map(all.map((each) => [`${each.symbol} ${each.session}`, each])).values()];
    return {
      symbols: Object.fromEntries(shapes.map((each, n) => [names[n], scripted(each, n === 0)])),
      dividends: once(dividends.map(named)),
      splits: once(splits.map(named)),
      minutes: minutesEach,
    };
  });

/** Any life of an account, on bars or on quotes. */
export const anyLife = (
  accounts: fc.Arbitrary<Account>,
  fillsOn: fc.Arbitrary<Life['fillsOn']> = fc.constantFrom('bars', 'quotes'),
): fc.Arbitrary<Life> =>
  fc
    .record({
      script: anyScript,
      wishes: fc.array(anyWish, { minLength: 2, maxLength: 16, size: 'max' }),
      account: accounts,
      fillsOn,
    })
    .map(({ wishes, ...life }): Life => {
      const count = Object.keys(life.script.symbols).length;
      const of = (each: (typeof wishes)[number]): Wish => ({
        ...each,
        symbol: names[each.symbol % count] as string,
      });
      return { ...life, wishes: wishes.map(of) };
    });

export const ofCash: fc.Arbitrary<Account> = fc
  .constantFrom('2000', '20000', '100000')
  .map((cash) => ({ type: 'cash', cash }));
export const ofMargin: fc.Arbitrary<Account> = fc.constant({ type: 'margin', cash: '100000' });
