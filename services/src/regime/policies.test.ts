import { join } from 'node:path';
import { canonicalJson } from '@sentinel/contracts/kernel';
import type { BarSeries, Timeframe } from '@sentinel/contracts/market';
import { regimeLabels } from '@sentinel/contracts/regime';
import { sha256 } from '@sentinel/infra/runtime';
import { type BranchCoverage, branchCoverage, pinsIn } from '@sentinel/infra/test-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { testBars } from '../market/test-bars.ts';
import type { WaterfallMetrics } from './measure.ts';

const pins = pinsIn(join(import.meta.dirname, 'policies.pinned.json'));
const decides =
  /\/services\/src\/regime\/(waterfall|measure|context-move|compatibility|classify|hmm\/(?!simulated)[a-z-]+)\.ts$/;

/** Branches that no case can reach, and why. */
const unreachable: readonly RegExp[] = [
  // Each row of the table has a column for each family.
  /compatibility\.ts: \?\? 0/,
  // Whoever asks has seen that the context has a last bar.
  /context-move\.ts: return undefined; const today/,
  // Guards for models that no market's returns lead to; the tests of the model call them with some.
  /choose-model\.ts: \|\| a - b/,
  /baum-welch\.ts: : 1 \/ weights\.length/,
  /baum-welch\.ts: continue; const middle/,
  /gaussian-hmm\.ts: +logLikelihood \+= /,
];

const loaded = async () => ({
  ...(await import('./classify.ts')),
  ...(await import('./policies.ts')),
  ...(await import('./hmm/simulated.ts')),
});
let house: Awaited<ReturnType<typeof loaded>>;
let coverage: BranchCoverage;
beforeAll(async () => {
  coverage = await branchCoverage((url) => decides.test(url));
  house = await loaded();
});
afterAll(() => coverage.stop());

type Policy = (typeof house)['currentRegimePolicy'];
/** What a policy says, as it is pinned. */
type Case = (policy: Policy) => string;

/** A moment in which no step matches. */
const quiet: WaterfallMetrics = {
  bars: 300,
  close: 100,
  atrPct: 1,
  adx: 20,
  ema50: 99,
  ema200: 98,
  volumeRatio: 1,
  bollingerWidth: 0.05,
  hurst: 0.5,
  efficiency: 0.3,
  contextMovePct: 0,
  minutesSinceOpen: null,
};

const stepCase =
  (rest: Partial<WaterfallMetrics>, timeframe: Timeframe = '1Day'): Case =>
  (policy) => {
    const { match, reasoning } = house.descend(
      { metrics: { ...quiet, ...rest }, timeframe },
      policy,
    );
    const { label, confidence, tradeability } = match;
    return `${label} at step ${reasoning.length}, confidence ${confidence}, tradeability ${tradeability}`;
  };

const steps: Readonly<Record<string, Case>> = {
  'too few bars': stepCase({ bars: 4 }),
  'just enough bars': stepCase({ bars: 5 }),
  'no step': stepCase({}),
  'no step on short bars': stepCase({ atrPct: 0.1 }, '5Min'),
  ...Object.fromEntries(
    [-1, 0, 14.9, 15, 29.9, 30].map((minutesSinceOpen) => [
      `${minutesSinceOpen} minutes since the opening`,
      stepCase({ minutesSinceOpen, atrPct: 0.1 }, '5Min'),
    ]),
  ),
  'an opening on daily bars': stepCase({ minutesSinceOpen: 1 }),
  'no range': stepCase({ atrPct: null }),
  'the edge of volatility': stepCase({ atrPct: 2.5 }),
  'too volatile': stepCase({ atrPct: 2.51 }),
  'too volatile for five minutes': stepCase({ atrPct: 0.3 }, '5Min'),
  'no context': stepCase({ contextMovePct: null }),
  'the edge of a fall': stepCase({ contextMovePct: -1.5 }),
  'the market falls': stepCase({ contextMovePct: -1.51 }),
  'no volume ratio': stepCase({ volumeRatio: null }),
  'the edge of liquidity': stepCase({ volumeRatio: 0.3 }),
  'hardly traded': stepCase({ volumeRatio: 0.29 }),
  'no ADX': stepCase({ adx: null }),
  'no close': stepCase({ close: null }),
  'the edge of a trend': stepCase({ adx: 25 }),
  'a trend without a direction': stepCase({ adx: 26, ema200: null }),
  'a bull trend': stepCase({ adx: 35 }),
  'a bear trend': stepCase({ adx: 70, ema200: 100 }),
  'no Hurst exponent': stepCase({ hurst: null }),
  'no band for so few bars': stepCase({ hurst: 0.1, bars: 200 }),
  ...Object.fromEntries(
    [0.42, 0.4, 0.3, 0.05].map((hurst) => [`a Hurst exponent of ${hurst}`, stepCase({ hurst })]),
  ),
  'reverting in a narrow band': stepCase({ hurst: 0.3, bollingerWidth: 0.039 }),
  'reverting for sure in a narrow band': stepCase({ hurst: 0.01, bollingerWidth: 0.01 }),
  'reverting without a band': stepCase({ hurst: 0.3, bollingerWidth: null }),
  'no efficiency': stepCase({ efficiency: null }),
  'the edge of efficiency': stepCase({ efficiency: 0.6 }),
  'efficient without a direction': stepCase({ efficiency: 0.61, ema50: null }),
  'a weak bull trend': stepCase({ efficiency: 0.61 }),
  'a weak bear trend': stepCase({ efficiency: 0.61, ema50: 100 }),
};

const compatibilities: Readonly<Record<string, Case>> = Object.fromEntries(
  regimeLabels.map((label) => [
    `what fits ${label}`,
    (policy: Policy) =>
      Object.entries(policy.compatibilityIn(label))
        .map(
          ([family, { compatible, score }]) => `${family} ${compatible ? 'fits' : 'not'} ${score}`,
        )
        .join(', '),
  ]),
);

/** Bars of a walk whose returns have these standard deviations, drawn from a seed. */
const walk = (
  deviations: readonly number[],
  seed: number,
  rest: { timeframe?: Timeframe; symbol?: string; endMs?: number } = {},
): BarSeries => {
  const normal = house.normals(seed);
  let close = 100;
  return testBars(
    [0, ...deviations].map((deviation) => {
      close *= Math.exp(deviation * normal());
      return { close, high: close * (1 + deviation), low: close * (1 - deviation) };
    }),
    rest,
  );
};
const days = (count: number, deviation: number) => new Array<number>(count).fill(deviation);

type Whole = {
  readonly bars: BarSeries;
  readonly context?: BarSeries;
  readonly withModel?: boolean;
};
const whole =
  (of: () => Whole): Case =>
  (policy) => {
    const { bars, context = null, withModel = false } = of();
    const { reasoning, ...found } = house.classify(
      { bars, context, minutesSinceOpen: null, withModel },
      policy,
    );
    const { hmm, contextMovePct } = found.metrics;
    const opinion =
      hmm === null ? 'no opinion' : `${hmm.state} of ${hmm.states} for ${hmm.sinceBars}`;
    return `${found.label}, context ${contextMovePct}, ${opinion}; ${sha256(canonicalJson(found)).slice(0, 16)}`;
  };

const five = { timeframe: '5Min' } as const;
const spy = { symbol: 'SPY' } as const;
const midday = Date.UTC(2026, 2, 2, 18);
const wholes: Readonly<Record<string, Case>> = {
  'no bars': whole(() => ({ bars: testBars([]) })),
  'one bar': whole(() => ({ bars: testBars([100]), withModel: true })),
  'twenty bars': whole(() => ({ bars: walk(days(20, 0.01), 1) })),
  'a walk of 300 days': whole(() => ({ bars: walk(days(300, 0.01), 2) })),
  'a walk of 500 days': whole(() => ({ bars: walk(days(500, 0.01), 3), withModel: true })),
  'a storm at the end': whole(() => ({
    bars: walk([...days(300, 0.008), ...days(40, 0.03)], 1),
    withModel: true,
  })),
  'calm after a storm': whole(() => ({
    bars: walk([...days(300, 0.008), ...days(40, 0.03), ...days(60, 0.008)], 1),
    withModel: true,
  })),
  'three levels': whole(() => ({
    bars: walk([...days(170, 0.004), ...days(60, 0.04), ...days(250, 0.013)], 3),
    withModel: true,
  })),
  'nothing moves': whole(() => ({ bars: testBars(days(300, 100)), withModel: true })),
  'moves of one size': whole(() => ({
    bars: testBars(Array.from({ length: 400 }, (_, n) => (n % 2 === 0 ? 100 : 101))),
    withModel: true,
  })),
  'a close that is no price': whole(() => {
    const bars = walk(days(300, 0.01), 4);
    return { bars: { ...bars, close: bars.close.with(200, 0) }, withModel: true };
  }),
  'a context of days': whole(() => ({
    bars: walk(days(60, 0.01), 5),
    context: walk(days(5, 0.01), 6, spy),
  })),
  'a context of one day': whole(() => ({
    bars: walk(days(60, 0.01), 5),
    context: testBars([100], spy),
  })),
  'a context without bars': whole(() => ({
    bars: walk(days(60, 0.01), 5),
    context: testBars([], spy),
  })),
  'a context of short bars': whole(() => ({
    bars: walk(days(60, 0.001), 5, five),
    context: walk(days(300, 0.001), 7, { ...five, ...spy }),
  })),
  'a context of short bars of one day': whole(() => ({
    bars: walk(days(30, 0.001), 5, { ...five, endMs: midday }),
    context: walk(days(40, 0.001), 7, { ...five, ...spy, endMs: midday }),
  })),
  'an old context': whole(() => {
    const context = walk(days(300, 0.001), 7, { ...five, ...spy });
    return {
      bars: walk(days(60, 0.001), 5, five),
      context: { ...context, start: context.start.map((at) => at - 3_600_000) },
    };
  }),
};

const cases = { ...steps, ...compatibilities, ...wholes };
const resultsOf = (version: string): Readonly<Record<string, string>> => {
  const policy = house.regimePolicyOf(version);
  if (policy === undefined) throw new Error(`there is no policy ${version}`);
  return Object.fromEntries(Object.entries(cases).map(([name, say]) => [name, say(policy)]));
};

const versions = ['regime-2'];

describe.each(versions)('the policy %s', (version) => {
  test('says of every pinned case what it has always said', () => {
    const results = resultsOf(version);
    for (const [name, said] of Object.entries(pins.of(version)))
      expect(`${name}: ${results[name]}`).toBe(`${name}: ${said}`);
  });

  test('pins every case', () => {
    expect(pins.missing(version, resultsOf(version))).toEqual([]);
  });

  test('has each branch reached by a pinned case', async () => {
    const policy = house.regimePolicyOf(version) as Policy;
    await coverage.reset();
    for (const [name, say] of Object.entries(cases)) if (name in pins.of(version)) say(policy);
    const { blocks, functions } = await coverage.missed();
    expect(blocks.filter((each) => !unreachable.some((no) => no.test(each)))).toEqual([]);
    expect(functions).toEqual([]);
  });
});

test('every policy is tried above', () => {
  expect(house.regimePolicies.map(({ version }) => version)).toEqual(versions);
});
