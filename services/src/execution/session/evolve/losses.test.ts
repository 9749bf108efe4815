import { money } from '@sentinel/contracts/kernel';
import type { PositionState } from '@sentinel/contracts/portfolio';
import { describe, expect, test } from 'vitest';
import { held, noon, nvda } from '../../../risk/fixtures.ts';
import type { Losses, Session } from '../state.ts';
import { tradingDay } from '../test-day.ts';
import { lossesAfter, lossesChanged } from './losses.ts';

const session = tradingDay().session();
const holding = (shares: number) => held(nvda, shares, '100');
const having = (closedLosses: Losses, before: PositionState | null): Session => ({
  ...session,
  closedLosses,
  positions: new Map(before === null ? [] : [[nvda, before]]),
});
const said = (position: PositionState | null, dollars: string) => ({
  ...{ symbol: nvda, position, realizedPnl: money.of(dollars), at: noon },
});
const realized = ({ open }: Losses) => [...open].map(([, each]) => money.format(each));

/** Two dollars lost by half of a position, of which the rest is held. */
const half = lossesAfter(having(session.closedLosses, holding(10)), said(holding(5), '-2'));

test('what is closed has realised nothing more: the next position of the symbol begins anew', () => {
  expect(realized(half)).toEqual(['-2']);
  const closed = lossesAfter(having(half, holding(5)), said(null, '-2'));
  expect([closed.count, closed.open.size]).toEqual([1, 0]);
});

describe('as losses were counted before a bust could undo a closing', () => {
  test('what is held realises more or less', () => {
    const changed = lossesChanged(having(half, holding(5)), said(holding(6), '3'));
    expect([changed.count, realized(changed)]).toEqual([0, ['1']]);
  });

  test('what is held no more, or was not before, has realised nothing', () => {
    expect(realized(lossesChanged(having(half, holding(5)), said(null, '0')))).toEqual([]);
    expect(realized(lossesChanged(having(half, null), said(holding(5), '1')))).toEqual([]);
  });
});
