import type { WorkingOrder } from '@sentinel/contracts/execution';
import { type OrderId, type Price, price, quantity } from '@sentinel/contracts/kernel';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import type { OrderChanges } from './commands.ts';
import { workingInTurn } from './state.ts';
import { holds, kinds, linksOf, opening, replaced, states } from './test-replaces.ts';

const at = (text: string) => price.of(text);
const allKinds = {
  ...kinds,
  'market in parts': opening({ shares: 3_000, stopPrice: at('99.9') }),
  'limit whose owner means to get out before its stop loss': opening({
    ...{ orderType: 'limit', limitPrice: at('98'), stopPrice: at('97') },
    exits: { takeProfit: at('105'), stopLoss: at('95') },
  }),
  'market on close': opening({ orderType: 'market_on_close', timeInForce: 'cls' }),
  'stop-limit to buy': opening({
    ...{ orderType: 'stop_limit', triggerPrice: at('102'), limitPrice: at('102.5') },
    stopPrice: at('98'),
  }),
  'stop to sell short': opening({
    ...{ side: 'sell_short', orderType: 'stop', triggerPrice: at('98'), stopPrice: at('102') },
  }),
};

/** Cents around a hundred dollars, often near those at which the orders stand. */
const anyPrice = fc
  .oneof(
    fc.integer({ min: 8_500, max: 11_500 }),
    fc.constantFrom(8_800, 9_500, 9_750, 9_800, 10_000, 10_002, 10_200, 10_250, 10_500, 10_600),
  )
  .map((cents) => (BigInt(cents) * 10_000n) as Price);
const anyTerms: fc.Arbitrary<OrderChanges> = fc
  .record(
    {
      quantity: fc
        .oneof(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 9_000 }))
        .map(quantity.fromShares),
      limitPrice: anyPrice,
      stopPrice: anyPrice,
    },
    { requiredKeys: [] },
  )
  .filter((change) => Object.keys(change).length > 0);
/** New terms for the order, or for an exit beside it. */
const anyChange = fc.record({
  terms: anyTerms,
  ofExit: fc.option(fc.nat(1)),
  /** A price of the kind that the order has, instead of terms that it may not take. */
  fitting: fc.option(anyPrice),
});
const names = Object.keys(allKinds) as (keyof typeof allKinds)[];
/** Where exits stand beside an order there is more to keep. */
const withExits = names.filter((name) => /exits|loss|profit/.test(name));
const anyCase = fc.record({
  kind: fc.constantFrom(...names, ...withExits, ...withExits),
  state: fc.constantFrom(...Object.keys(states)),
  changes: fc.array(anyChange, { minLength: 1, maxLength: 4 }),
  bids: fc.array(anyPrice, { maxLength: 3 }),
});

type Case = typeof anyCase extends fc.Arbitrary<infer Value> ? Value : never;

const askedOf = (
  { day, order }: ReturnType<(typeof allKinds)[keyof typeof allKinds]>,
  ofExit: number | null,
): OrderId => {
  const parent = day.session().working.get(order)?.link?.parentId ?? order;
  const exits = workingInTurn(day.session()).filter(({ link }) => link?.parentId === parent);
  return (ofExit === null ? undefined : exits[ofExit]?.orderId) ?? order;
};

const termsFor = (
  { intent, link }: WorkingOrder,
  { terms, fitting }: Case['changes'][number],
): OrderChanges => {
  if (fitting === null) return terms;
  const { quantity: count } = terms;
  const more = link === undefined && count !== undefined ? { quantity: count } : {};
  if (intent.limitPrice === null) return { ...more, stopPrice: fitting };
  return { ...more, limitPrice: fitting };
};

const tried = ({ kind, state, changes, bids }: Case): readonly string[] => {
  const begun = allKinds[kind]();
  const { day, order } = begun;
  states[state]?.(begun);
  const outcomes: string[] = [];
  let judgedAt = 0;
  for (const [n, change] of changes.entries()) {
    const of = askedOf(begun, change.ofExit);
    const before = day.session().working.get(of);
    if (before === undefined) break;
    const links = linksOf(day);
    const outcome = replaced(day, of, { ...termsFor(before, change), second: 4 + n / 10 });
    outcomes.push(outcome);
    judgedAt = holds(day, order);
    if (outcome !== 'asked') expect(day.session().working.get(of)).toEqual(before);
    expect(linksOf(day)).toEqual(links);
  }
  for (const [n, bid] of bids.entries()) {
    const quote = `${price.format(bid)}/${price.format((bid + 20_000n) as Price)}`;
    day.quote(quote, 5 + n, { shares: 30 });
    holds(day, order, judgedAt);
  }
  return outcomes;
};

test('whatever is asked of whichever order in whichever state, risk, links and stops are kept', () => {
  const outcomes = new Map<string, number>();
  fc.assert(
    fc.property(anyCase, (each) => {
      for (const outcome of tried(each)) outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }),
    { numRuns: propertyRuns(1_500) },
  );
  for (const outcome of ['INVALID_ARGUMENT', 'ORDER_NOT_WORKING', 'PER_TRADE_RISK', 'asked'])
    expect(outcomes.get(outcome) ?? 0, outcome).toBeGreaterThan(propertyRuns(1_500) / 200);
});
