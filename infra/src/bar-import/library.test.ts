import { describe, expect, test } from 'vitest';
import { dailySamples } from './samples/daily.ts';
import { barsOf, expectedBars, imported, said } from './samples/importing.ts';
import { intradaySamples } from './samples/intraday.ts';
import { dailyReference, intradayReference, type ReferenceBar } from './samples/reference.ts';

const daily = dailyReference();
const intraday = intradayReference();
const hour = 3_600_000;

/** Every fifth bar: dates a week apart, holidays and all. */
const weekly = daily.filter((_, i) => i % 5 === 0);
/** A quarter of the price from the middle on, as raw prices have after a split. */
const unadjusted: readonly ReferenceBar[] = daily.map((bar, i) => {
  const text = (price: string) => (Number(price) * (i < 30 ? 4 : 1)).toFixed(2);
  return {
    ...bar,
    open: text(bar.open),
    high: text(bar.high),
    low: text(bar.low),
    close: text(bar.close),
  };
});

describe.each(dailySamples)('daily bars of $vendor', ({ file, write }) => {
  test('are the reference bars', async () => {
    const outcomes = await imported({ [file]: write(daily) });
    expect(said(outcomes.filter(({ proven }) => proven === undefined))).toBe('');
    for (const outcome of outcomes) expect(barsOf(outcome)).toEqual(expectedBars(daily, 'daily'));
    expect(outcomes[0]?.symbol).toBe('AAPL');
  });

  test('made weekly, or of raw prices over a split, are not taken', async () => {
    for (const twin of [weekly, unadjusted]) {
      const outcomes = await imported({ [file]: write(twin) });
      expect(outcomes.map(({ proven }) => proven)).toEqual(outcomes.map(() => undefined));
      expect(said(outcomes)).toMatch(/weekly|after a split of 4:1/);
    }
  });
});

describe.each(intradaySamples)('intraday bars of $vendor', ({ file, write, zone, flags = [] }) => {
  const expected = expectedBars(intraday, 'intraday');
  /** Whatever is taken must be the reference; what is not must ask or say why. */
  const takenRight = async (content: string) => {
    const outcomes = await imported({ [file]: content }, ...flags);
    for (const outcome of outcomes)
      if (outcome.proven !== undefined) expect(barsOf(outcome)).toEqual(expected);
      else expect(said([outcome])).toMatch(/asked|refused/);
    return outcomes;
  };

  test('are the reference bars', async () => {
    const outcomes = await takenRight(write(intraday, zone ?? 'America/New_York'));
    expect(said(outcomes.filter(({ proven }) => proven === undefined))).toBe('');
    expect(outcomes[0]?.symbol).toBe('AAPL');
  });

  test('of another zone are read as that zone, or asked about', async () => {
    if (zone === null) {
      // Wall times of New York and of London that claim to be UTC.
      for (const off of [5 * hour, -hour, hour]) {
        const shifted = intraday.map((bar) => ({ ...bar, ms: bar.ms - off }));
        const outcomes = await imported({ [file]: write(shifted, 'America/New_York') });
        expect(outcomes.map(({ proven }) => proven)).toEqual([undefined]);
        expect(said(outcomes)).toContain('--stamp');
      }
      return;
    }
    for (const other of [
      'UTC',
      'America/Chicago',
      'America/Los_Angeles',
      'Europe/London',
      'Asia/Tokyo',
    ])
      await takenRight(write(intraday, other));
  });

  test('stamped at their end are read so, or asked about', async () => {
    const late = intraday.map((bar) => ({ ...bar, ms: bar.ms + 300_000 }));
    await takenRight(write(late, zone ?? 'America/New_York'));
  });
});
