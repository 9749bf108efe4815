import { price, type TradingDate } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { RiskFacts } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { buy, held, markAt, noon, nvda, ordinaryFacts } from '../../risk/fixtures.ts';
import { factsNeeded } from './facts-needed.ts';
import { dayAfter, tradingDay } from './test-day.ts';

const [amd, sold] = ['AMD', 'SOLD'].map((symbol) => symbol as Ticker) as [Ticker, Ticker];
const intent = buy(10);

/** A session that began with ten shares of AMD and ten of NVDA, at 50 and 100 of the close before. */
const holding = () => {
  const day = tradingDay();
  dayAfter(day, '100', []);
  const { closing } = day.session();
  if (closing === null) throw new Error('the day is not closed');
  const positions = [held(nvda, 10, '100'), held(amd, 10, '50')];
  const marks = [markAt(amd, '50'), markAt(nvda, '100')].map(({ sector: _, ...mark }) => mark);
  const closed = { ...closing, positions, marks };
  return tradingDay({ previous: { stream: 'session-paper-2026-02-27', closed } }).session();
};
const marks = [amd, nvda].map((symbol) => markAt(symbol, '101'));
const needed = (
  facts: Partial<RiskFacts>,
  gathered: Partial<Parameters<typeof factsNeeded>[2]> = {},
  session = holding(),
) => {
  const known = { symbols: [amd, nvda], uncorrelated: [], intent, ...gathered };
  const outcome = factsNeeded(session, ordinaryFacts({ marks, ...facts }), known);
  return outcome.ok ? outcome.value : outcome.refusal.message;
};

describe('of the facts that were gathered before', () => {
  test('more are wanted once something came to be held that nobody asked a price of', () => {
    expect(needed({}, { symbols: [nvda] })).toContain('the prices of AMD are wanted too');
  });

  test('what concerns symbols that are no longer held counts no more', () => {
    const correlations = [amd, sold].map((symbol) => ({ symbol, correlationBps: 9_000 }));
    const gathered = { symbols: [amd, nvda, sold], uncorrelated: [sold] };
    expect(needed({ marks: [...marks, markAt(sold, '7')], correlations }, gathered)).toMatchObject({
      marks,
      correlations: [{ symbol: amd, correlationBps: 9_000 }],
    });
  });

  test('the correlations say nothing once that with one which is held cannot be measured', () => {
    const correlations = [{ symbol: nvda, correlationBps: 9_000 }];
    expect(needed({ correlations }, { uncorrelated: [amd] })).toMatchObject({ correlations: null });
    expect(needed({ correlations: null })).toMatchObject({ correlations: [] });
  });

  test('what the market has no price of keeps the last one known, with its age', () => {
    const at = noon.add({ minutes: 1 });
    const known = needed({ at, marks: [{ ...markAt(nvda, '101'), at }] });
    const shown = typeof known === 'string' ? [] : known.marks;
    expect(shown.map((mark) => `${mark.symbol} ${price.format(mark.price)} ${mark.at}`)).toEqual([
      'NVDA 101 2026-03-02T17:01:00Z',
      'AMD 50 2026-03-02T17:00:00Z',
    ]);
  });
});

describe('an order that comes when the session has ended', () => {
  const later = { ...ordinaryFacts().session, date: '2026-03-03' as TradingDate };
  const end = noon.add({ hours: 4 });

  test('belongs to the next session where there is one already, and to this one otherwise', () => {
    expect(needed({ at: end, session: later })).toBe('The session of 2026-03-02 has ended.');
    expect(needed({ at: end })).toMatchObject({ at: end });
    const before = end.subtract({ milliseconds: 1 });
    expect(needed({ at: before, session: later })).toMatchObject({ at: before });
  });

  test('is taken into one whose log does not say when it ends', () => {
    const endless = { ...holding(), endsAt: null };
    expect(needed({ at: end, session: later }, {}, endless)).toMatchObject({ at: end });
  });
});
