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
/** A change, a minute from now, of an execution of that minute: to other shares, or to another price alone. */
const changed = (losses: StandingLosses, said: Said & { of: number; isResized?: boolean }) => {
  const { of, isResized = true, ...rest } = said;
  const [session, change] = given(losses, { minute: 9, ...rest });
  return standingChanged(session, change, { at: at(of), isResized });
};
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

test('a position that is turned around is closed, and the other side begins with nothing realised', () => {
  const half = filled(none, { after: holding(nvda, 5), dollars: '-1' });
  const turned = filled(half, {
    before: holding(nvda, 5),
    after: holding(nvda, -5),
    dollars: '-1',
  });
  expect([count(turned), turned.open.size]).toEqual([1, 0]);
});

test('two hundred closings are remembered, and those before them by the streak that they left', () => {
  let losses = none;
  for (let n = 1; n <= 200; n += 1) losses = filled(losses, { dollars: '-1', minute: n });
  expect([losses.closings.length, losses.before.count]).toEqual([200, 0]);
  for (let n = 201; n <= 203; n += 1) losses = filled(losses, { dollars: '-1', minute: n });
  expect([losses.closings.length, losses.before]).toEqual([200, { count: 3, lastLossAt: at(3) }]);
  expect(count(losses)).toBe(203);
});

describe('a bust, or a correction to other shares,', () => {
  test('of what is open goes on with it, and leaves closings before it alone', () => {
    const lost = filled(none, { dollars: '-1', minute: 1 });
    const still = holding(nvda, 5);
    const half = filled(lost, { after: still, dollars: '-2', minute: 2 });
    const now = changed(half, { before: still, after: holding(nvda, 7), dollars: '1', of: 2 });
    expect([count(now), now.open.get(nvda)]).toEqual([1, money.of('-1')]);
  });

  test('that turns what is open around goes on with all that it has realised', () => {
    const lost = filled(none, { dollars: '-1', minute: 1 });
    const half = filled(lost, { after: holding(nvda, 5), dollars: '-2', minute: 3 });
    const turned = { before: holding(nvda, 5), after: holding(nvda, -5), dollars: '0', of: 2 };
    const now = changed(half, turned);
    expect([count(now), now.open.get(nvda)]).toEqual([1, money.of('-2')]);
  });

  test('that takes back all that is open closes it, by what it has realised', () => {
    const half = filled(none, { after: holding(nvda, 5), dollars: '-2' });
    const gone = changed(half, { before: holding(nvda, 5), dollars: '0', of: 0 });
    expect(streakOf(gone)).toEqual({ count: 1, lastLossAt: at(9) });
    expect(gone.open.size).toBe(0);
  });

  test('of what was closed takes back its closing, and none of another symbol', () => {
    const lost = filled(none, { dollars: '-1', minute: 1 });
    const both = filled(lost, { symbol: amd, dollars: '-2', minute: 2 });
    const again = changed(both, { before: null, after: holding(nvda), dollars: '1', of: 1 });
    expect(streakOf(again)).toEqual({ count: 1, lastLossAt: at(2) });
    expect(again.closings.map(({ symbol }) => symbol)).toEqual([amd]);
    expect(again.open.get(nvda)).toBe(money.zero);
  });

  test('of what was closed before what is open makes one of both', () => {
    const lost = filled(none, { dollars: '-1', minute: 1 });
    const half = filled(lost, { after: holding(nvda, 5), dollars: '-4', minute: 3 });
    const more = { before: holding(nvda, 5), after: holding(nvda, 15), dollars: '1', of: 1 };
    const now = changed(half, more);
    expect([count(now), now.open.get(nvda)]).toEqual([0, money.of('-4')]);
    const nothing = changed(half, { ...more, after: null });
    expect(streakOf(nothing)).toEqual({ count: 1, lastLossAt: at(9) });
  });

  test('of a symbol of which no closing is remembered leaves what is', () => {
    let lost = none;
    for (const minute of [1, 2]) lost = filled(lost, { symbol: amd, dollars: '-2', minute });
    expect(changed(lost, { before: null, dollars: '-3', of: 1 })).toBe(lost);
    const back = changed(lost, { before: null, after: holding(nvda), dollars: '-3', of: 1 });
    expect([count(back), back.open.get(nvda)]).toEqual([2, money.of('-3')]);
  });
});

describe('a correction to another price', () => {
  const corrected = (losses: StandingLosses, said: Said & { of: number }) =>
    changed(losses, { isResized: false, ...said });

  test('of what was closed is put right in its closing, where that stands among the others', () => {
    const lost = filled(none, { dollars: '-1', minute: 1 });
    const won = filled(lost, { symbol: amd, dollars: '2', minute: 2 });
    const still = corrected(won, { before: null, dollars: '-1', of: 1 });
    expect(streakOf(still)).toEqual({ count: 0, lastLossAt: at(1) });
    const again = filled(filled(none, { dollars: '1', minute: 1 }), { dollars: '-2', minute: 2 });
    const more = corrected(again, { before: null, dollars: '-2', of: 1 });
    expect(streakOf(more)).toEqual({ count: 2, lastLossAt: at(2) });
    expect(more.closings.map(({ realized }) => realized)).toEqual([money.of('-1'), money.of('-2')]);
  });

  test('of what was closed is no gain or loss of what is open', () => {
    const lost = filled(none, { dollars: '-1', minute: 1 });
    const half = filled(lost, { after: holding(nvda, 5), dollars: '2', minute: 3 });
    const open = { before: holding(nvda, 5), after: holding(nvda, 5) };
    const won = corrected(half, { ...open, dollars: '4', of: 1 });
    expect([count(won), won.open.get(nvda)]).toEqual([0, money.of('2')]);
    const later = corrected(half, { ...open, dollars: '4', of: 3 });
    expect([count(later), later.open.get(nvda)]).toEqual([1, money.of('6')]);
  });
});

test('a change of an execution that was never heard of changes nothing', () => {
  const lost = filled(none, { dollars: '-1', minute: 1 });
  expect(standingChanged(...given(lost, { before: null, dollars: '0' }), undefined)).toBe(lost);
});
