import { accepted } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { fold } from '../kernel/index.ts';
import { specification } from '../kernel/specification.ts';
import {
  type UpdateSymbol,
  type WatchlistCommand,
  type WatchlistEvent,
  watchlistDecider,
} from './decider.ts';

const { given } = specification(watchlistDecider);
const at = Temporal.Instant.from('2026-03-02T17:00:00Z');
const nvda = 'NVDA' as Ticker;
const msft = 'MSFT' as Ticker;

const added = (symbol: Ticker, ...groups: readonly string[]): WatchlistEvent => ({
  type: 'SymbolAdded',
  data: { symbol, groups: [...groups], notes: 'a note', at },
});
const removed: WatchlistEvent = { type: 'SymbolRemoved', data: { symbol: nvda, at } };
const add = (group: string | null, ...symbols: readonly Ticker[]): WatchlistCommand => ({
  type: 'AddSymbols',
  symbols,
  group,
  notes: null,
  at,
});
const remove = (...symbols: readonly Ticker[]): WatchlistCommand => ({
  type: 'RemoveSymbols',
  symbols,
  at,
});
const update = (rest: Partial<UpdateSymbol>): WatchlistCommand => ({
  type: 'UpdateSymbol',
  symbol: nvda,
  join: undefined,
  leave: undefined,
  notes: undefined,
  at,
  ...rest,
});
const updated = (groups: readonly string[], notes: string | null = 'a note') =>
  accepted([{ type: 'SymbolUpdated', data: { symbol: nvda, groups, notes, at } }]);

describe('a watchlist', () => {
  test('lets a symbol that is there join another group, and keeps its notes', () => {
    expect(given(added(nvda, 'tech')).when(add('semis', nvda))).toEqual(updated(['tech', 'semis']));
  });

  test.each([
    ['a symbol in its group', add('tech', nvda)],
    ['a symbol without a group', add(null, nvda)],
    ['the removal of what is not there', remove(msft)],
    ['an update that changes nothing', update({ join: 'tech', notes: 'a note' })],
  ])('decides nothing for %s', (_, command) => {
    expect(given(added(nvda, 'tech')).when(command)).toEqual(accepted([]));
  });

  test('takes symbols off once, however often they are named, and lets them come again', () => {
    const { when } = given(added(nvda, 'tech'), added(msft));
    expect(when(remove(nvda, nvda))).toEqual(accepted([removed]));
    const again = given(added(nvda, 'tech'), removed).when(add('semis', nvda));
    expect(again).toMatchObject({ value: [{ type: 'SymbolAdded', data: { groups: ['semis'] } }] });
  });

  test('moves one symbol from group to group, and takes its notes away', () => {
    const { when } = given(added(nvda, 'tech'));
    expect(when(update({ join: 'semis', leave: 'tech' }))).toEqual(updated(['semis']));
    expect(when(update({ notes: null }))).toEqual(updated(['tech'], null));
  });

  test.each([
    ['NOT_ON_WATCHLIST', update({ symbol: msft, join: 'tech' })],
    ['UNKNOWN_GROUP', update({ leave: 'banks' })],
  ])('refuses with %s', (code, command) => {
    const outcome = given(added(nvda, 'tech')).when(command);
    expect(outcome).toMatchObject({ ok: false, refusal: { code } });
  });

  test('bounds the groups of a symbol', () => {
    const many = Array.from({ length: 20 }, (_, n) => `g${n}`);
    const { when } = given(added(nvda, ...many));
    expect(when(update({ join: 'more' }))).toMatchObject({ refusal: { code: 'TOO_MANY_GROUPS' } });
    expect(when(update({ join: 'more', leave: 'g0' })).ok).toBe(true);
  });

  test('decides nothing more for a command on its own result', () => {
    const past = [added(nvda, 'tech'), added(msft, 'tech')];
    for (const command of [add('semis', nvda, msft), remove(nvda), update({ join: 'x' })]) {
      const first = watchlistDecider.decide(command, fold(watchlistDecider, past));
      if (!first.ok) throw new Error(first.refusal.code);
      expect(first.value).not.toEqual([]);
      expect(given(...past, ...first.value).when(command)).toEqual(accepted([]));
    }
  });
});
