import { money } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { held, noon, nvda } from '../../../risk/fixtures.ts';
import type { Session, StandingLosses } from '../state.ts';
import { standingAfter, standingChanged, streakOf } from './standing-losses.ts';

const amd = 'AMD' as Ticker;
const none: StandingLosses = {
  ...{ before: { count: 0, lastLossAt: null }, closings: [], open: new Map() },
};
const at = (minute: number) => noon.add({ minutes: minute });
const holding = (symbol: Ticker, shares = 10) => held(symbol, shares, '100');

/** A fill, or a change of one: what it realised, and what is held before and after it. */
type Said = {
  readonly symbol?: Ticker;
  readonly before?: ReturnType<typeof holding> | null;
  readonly after?: ReturnType<typeof holding> | null;
  readonly dollars: string;
  readonly minute?: number;
};
const given = (losses: StandingLosses, said: Said) => {
  const { symbol = nvda, before = holding(symbol), after = null, dollars, minute = 0 } = said;
  const positions: Session['positions'] = new Map(before === null ? [] : [[symbol, before]]);
  const change = { symbol, position: after, realizedPnl: money.of(dollars), at: at(minute) };
  return [{ standingLosses: losses, positions }, change] as const;
};
const filled = (losses: StandingLosses, said: Said) => standingAfter(...given(losses, said));
const changed = (losses: StandingLosses, said: Said) => standingChanged(...given(losses, said));
const count = (losses: StandingLosses) => streakOf(losses).count;

test('a position closed for nothing ends no streak and adds to none', () => {
  const lost = filled(none, { dollars: '-1', minute: 1 });
  const flat = filled(lost, { dollars: '0', minute: 2 });
  expect(streakOf(flat)).toEqual({ count: 1, lastLossAt: at(1) });
  expect(count(filled(flat, { dollars: '1', minute: 3 }))).toBe(0);
});

test('what was closed has realised nothing more', () => {
  const half = filled(none, { after: holding(nvda, 5), dollars: '-1' });
  expect([...half.open.values()]).toEqual([money.of('-1')]);
  expect(filled(half, { before: holding(nvda, 5), dollars: '-1' }).open.size).toBe(0);
});

test('two hundred closings are remembered, and those before them by the streak that they left', () => {
  let losses = none;
  for (let n = 1; n <= 200; n += 1) losses = filled(losses, { dollars: '-1', minute: n });
  expect([losses.closings.length, losses.before.count]).toEqual([200, 0]);
  for (let n = 201; n <= 203; n += 1) losses = filled(losses, { dollars: '-1', minute: n });
  expect([losses.closings.length, losses.before]).toEqual([200, { count: 3, lastLossAt: at(3) }]);
  expect(count(losses)).toBe(203);
});

describe('a change of an execution', () => {
  test('of a position that is held goes on with it, and leaves closings before it alone', () => {
    const lost = filled(none, { dollars: '-1' });
    const half = filled(lost, { after: holding(nvda, 5), dollars: '-2' });
    const still = holding(nvda, 5);
    const now = changed(half, { before: still, after: holding(nvda, 7), dollars: '1' });
    expect([count(now), now.open.get(nvda)]).toEqual([1, money.of('-1')]);
  });

  test('that opens a position again takes back its closing, and none of another symbol', () => {
    const lost = filled(none, { dollars: '-1', minute: 1 });
    const both = filled(lost, { symbol: amd, dollars: '-2', minute: 2 });
    const again = changed(both, { before: null, after: holding(nvda), dollars: '1', minute: 3 });
    expect(streakOf(again)).toEqual({ count: 1, lastLossAt: at(2) });
    expect(again.closings.map(({ symbol }) => symbol)).toEqual([amd]);
  });

  test('of a symbol of which nothing was closed leaves what was', () => {
    let lost = none;
    for (const minute of [1, 2]) lost = filled(lost, { symbol: amd, dollars: '-2', minute });
    const gone = changed(lost, { dollars: '0', minute: 3 });
    expect(streakOf(gone)).toEqual({ count: 2, lastLossAt: at(2) });
    const back = changed(lost, { before: null, after: holding(nvda), dollars: '-3', minute: 3 });
    expect([count(back), back.open.get(nvda)]).toEqual([2, money.of('-3')]);
  });

  test('that takes back all that is held closes it, by what it has realised', () => {
    const half = filled(none, { after: holding(nvda, 5), dollars: '-2' });
    const gone = changed(half, { before: holding(nvda, 5), dollars: '0', minute: 4 });
    expect(streakOf(gone)).toEqual({ count: 1, lastLossAt: at(4) });
    expect(gone.open.size).toBe(0);
  });
});
