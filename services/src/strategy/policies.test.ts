import { join } from 'node:path';
import { canonicalJson, price } from '@sentinel/contracts/kernel';
import { type BarSeries, lastBars } from '@sentinel/contracts/market';
import { sha256 } from '@sentinel/infra/runtime';
import { type BranchCoverage, branchCoverage, pinsIn } from '@sentinel/infra/test-kit';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StrategyFinding, StrategyInput } from './strategy.ts';

const pins = pinsIn(join(import.meta.dirname, 'policies.pinned.json'));

/**
 * Walks of prices by their seeds: signals, and the ways to miss one. A rule that is replaced keeps its
 * walks, and what is pinned of it gets a seal here, as the old policies of risk have one.
 */
const walks: Readonly<Record<string, readonly number[]>> = {
  'momentum-1': [1, 2, 4, 5, 7, 10, 12, 16, 26, 28, 45, 61, 105, 172, 239, 249, 349, 358, 575, 603],
  'vwap-reclaim-1': [1, 2, 4, 5, 10, 11, 12, 15, 16, 22, 27, 35, 45, 79, 142, 148, 171, 227, 575],
  'ema-trend-1': [1, 2, 4, 7, 10, 14, 16, 19, 20, 23, 24, 26, 28, 36, 61, 63, 65, 68],
  'rsi-mean-reversion-1': [
    1, 2, 3, 4, 5, 6, 7, 9, 10, 12, 14, 15, 57, 463, 475, 824, 1817, 1896, 54278,
  ],
  'atr-swing-1': [
    1, 2, 3, 6, 10, 23, 24, 27, 28, 29, 33, 44, 277, 709, 1127, 1523, 2561, 13665, 14524, 14759,
    15558, 24156,
  ],
  'orb-1': [1, 2, 3, 26, 42, 45, 46, 58, 76, 105, 172, 239, 249, 1112, 1113],
};

const decides =
  /\/services\/src\/strategy\/(momentum|vwap-reclaim|ema-trend|rsi-mean-reversion|atr-swing|orb|opening-range|levels|finding|session-clock)\.ts$/;

/** Branches that no case can reach, and why. */
const unreachable = [
  // A draft whose prices or figures make no sense is a bug of its rule, and throws.
  /finding\.ts: throw new Error/,
  // A rule looks at no column before it has bars enough.
  /finding\.ts: \?\? Number\.NaN/,
];

const loaded = async () => ({
  ...(await import('./registry.ts')),
  ...(await import('./strategy.ts')),
  ...(await import('./test-walks.ts')),
});
let house: Awaited<ReturnType<typeof loaded>>;
let coverage: BranchCoverage;
beforeAll(async () => {
  coverage = await branchCoverage((url) => decides.test(url));
  house = await loaded();
});
afterAll(() => coverage.stop());

type Inputs = Readonly<Record<string, Omit<StrategyInput, 'clock'>>>;

const ruleOf = (version: string) => {
  const rule = house.strategyPolicyOf(version);
  if (rule === undefined) throw new Error(`there is no rule ${version}`);
  return rule;
};

const inputsOf = (version: string): Inputs => {
  const rule = ruleOf(version);
  const long = house.walk(rule, 1);
  const few = [0, 1, 8, 20].map((count) => [`${count} bars`, lastBars(long.bars, count)] as const);
  return Object.fromEntries([
    ...(walks[version] ?? []).map((seed) => [`walk ${seed}`, house.walk(rule, seed)] as const),
    ...[...few, ...brokenBars(long.bars)].map(([name, bars]) => [name, { ...long, bars }] as const),
  ]);
};

const columns = ['open', 'high', 'low', 'close', 'volume'] as const;

/** Bars in which a figure is none, and bars that jump. */
const brokenBars = (bars: BarSeries): readonly (readonly [string, BarSeries])[] => {
  const last = bars.start.length - 1;
  const prices = ['open', 'high', 'low', 'close'] as const;
  const jump = (by: number, from: number): BarSeries => {
    const scaled = prices.map((column) => [
      column,
      bars[column].map((value, n) => (n < from ? value : value * by)),
    ]);
    return { ...bars, ...Object.fromEntries(scaled) };
  };
  return [
    ...columns.flatMap((column) => [
      [`no last ${column}`, { ...bars, [column]: bars[column].with(last, Number.NaN) }] as const,
      [`no ${column}`, { ...bars, [column]: bars[column].map(() => Number.NaN) }] as const,
    ]),
    ['a gap up', jump(1.5, last)],
    ['a gap down', jump(0.5, last)],
    ['hardly a price', jump(0.000_01, 0)],
  ];
};

const textOf = ({ conditions, draft }: StrategyFinding): string => {
  const trade = draft && {
    ...draft,
    entry: price.format(draft.entry),
    stop: price.format(draft.stop),
    target: price.format(draft.target),
  };
  const all = { trade, conditions: conditions.map(({ name, met }) => ({ name, met })) };
  const digest = sha256(canonicalJson(all)).slice(0, 16);
  if (trade === null)
    return `none for ${conditions.flatMap(({ name, met }) => (met ? [] : [name])).join(', ')}; ${digest}`;
  const { side, entry, stop, target, confidence } = trade;
  return `${side} at ${entry}, stop ${stop}, target ${target}, confidence ${confidence}; ${digest}`;
};

/** A figure that is none may be more than a rule can take: then it throws, and does so for good. */
const found = (version: string, input: Inputs[string]): string => {
  try {
    return textOf(house.evaluateStrategy(ruleOf(version), input));
  } catch (error) {
    return `throws ${error}`;
  }
};

const resultsOf = (version: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(inputsOf(version)).map(([name, input]) => [name, found(version, input)]),
  );

const versions = Object.keys(walks);

describe.each(versions)('the rule %s', (version) => {
  test('finds in every pinned case what it has always found', () => {
    const results = resultsOf(version);
    for (const [name, found] of Object.entries(pins.of(version)))
      expect(`${name}: ${results[name]}`).toBe(`${name}: ${found}`);
  });

  test('pins every case, of which some are signals and some miss each condition', () => {
    expect(pins.missing(version, resultsOf(version))).toEqual([]);
    const pinned = Object.values(pins.of(version));
    expect(pinned.some((text) => !text.startsWith('none for'))).toBe(true);
    const rule = ruleOf(version);
    const { conditions } = house.evaluateStrategy(rule, house.walk(rule, 1));
    const missed = new Set(
      pinned.flatMap((text) => /^none for (.*); /.exec(text)?.[1]?.split(', ') ?? []),
    );
    const names = conditions.map(({ name }) => name);
    expect(names.filter((name) => !missed.has(name))).toEqual([]);
  });
});

test('each branch of each rule is reached by a pinned case', async () => {
  await coverage.reset();
  for (const version of versions)
    for (const [name, input] of Object.entries(inputsOf(version)))
      if (name in pins.of(version)) found(version, input);
  const { blocks, functions } = await coverage.missed();
  expect(blocks.filter((each) => !unreachable.some((no) => no.test(each)))).toEqual([]);
  expect(functions).toEqual([]);
});

test('every rule is tried above', () => {
  expect(Object.values(house.strategies).map(({ policyVersion }) => policyVersion)).toEqual(
    versions,
  );
});
