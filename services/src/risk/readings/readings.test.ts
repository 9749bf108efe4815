import { beforeAll, money, type TradingDate } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../../kernel/test-property-runs.ts';
import { limitsWith, marginLimits, noon, ordinaryAccount } from '../fixtures.ts';
import { drawdownFigures, lossSince } from './drawdown.ts';
import { exposureFigures } from './exposure.ts';
import { limitFigures } from './limits.ts';
import type { SymbolReading, ValuedReading } from './reading.ts';

const usd = (text: string) => money.of(text);
const of = (symbol: string, value: string, rest: Partial<SymbolReading> = {}): SymbolReading => ({
  symbol: symbol as Ticker,
  value: usd(value),
  reserved: money.zero,
  sector: 'Technology',
  ...rest,
});

const standing = (
  symbols: readonly SymbolReading[],
  rest: Partial<ValuedReading> = {},
): ValuedReading => ({
  name: 'paper',
  date: '2026-03-02' as TradingDate,
  account: ordinaryAccount({}),
  limits: limitsWith({ maxGrossExposureBps: 8_000, maxPositionBps: 1_000, maxSectorBps: 2_500 }),
  at: noon,
  logPosition: beforeAll,
  equity: usd('100000'),
  symbols,
  marks: [],
  unpriced: [],
  ...rest,
});

describe('exposure', () => {
  test('counts what is held without its sign and what is reserved, and nets what is held', () => {
    const figures = exposureFigures(
      standing([
        of('NVDA', '6000', { reserved: usd('500') }),
        of('XOM', '-2000', { sector: 'Energy' }),
        of('MSFT', '0', { reserved: usd('1000') }),
      ]),
    );
    expect(figures).toMatchObject({
      long_usd: usd('6000'),
      short_usd: usd('2000'),
      net_usd: usd('4000'),
      gross_usd: usd('9500'),
      gross_bps: 950,
      headroom_usd: usd('70500'),
    });
    expect(figures.by_symbol.map(({ symbol, side }) => `${symbol} ${side}`)).toEqual([
      'NVDA long',
      'XOM short',
      'MSFT flat',
    ]);
    expect(figures.by_sector).toMatchObject([
      { sector: 'Technology', value_usd: usd('7500'), room_usd: usd('17500') },
      { sector: 'Energy', value_usd: usd('2000'), room_usd: usd('23000') },
    ]);
  });

  test('without equity is beyond every limit, and leaves no room', () => {
    const figures = exposureFigures(standing([of('NVDA', '6000')], { equity: usd('-1') }));
    expect(figures.gross_bps).toBe(Number.MAX_SAFE_INTEGER);
    expect(figures.headroom_usd).toBe(money.zero);
  });
});

describe('drawdown', () => {
  test('at the limit leaves no distance, and above the start nothing is lost', () => {
    expect(lossSince(usd('100000'), usd('98000'), 200)).toMatchObject({
      lost_usd: usd('2000'),
      drawdown_bps: 200,
      distance_bps: 0,
      distance_usd: money.zero,
    });
    expect(lossSince(usd('100000'), usd('100001'), 200)).toMatchObject({
      lost_usd: money.zero,
      drawdown_bps: 0,
      distance_usd: usd('2000'),
    });
    expect(lossSince(money.zero, usd('5'), 200)).toMatchObject({ distance_bps: 0 });
  });

  test('loss and distance make up the limit, and nothing is ever negative', () => {
    fc.assert(
      fc.property(
        fc.bigInt(1n, 10n ** 12n),
        fc.bigInt(-(10n ** 12n), 10n ** 12n),
        fc.integer({ min: 0, max: 10_000 }),
        (start, equity, limit) => {
          const since = lossSince(start as never, equity as never, limit);
          const { lost_usd, distance_usd, distance_bps } = since;
          expect(lost_usd >= 0n && distance_usd !== null && distance_usd >= 0n).toBe(true);
          expect(distance_bps).toBeGreaterThanOrEqual(0);
          const most = (start * BigInt(limit)) / 10_000n;
          if (lost_usd <= most) expect(lost_usd + (distance_usd ?? 0n)).toBe(most);
        },
      ),
      { numRuns: propertyRuns(300) },
    );
  });

  test('of the peak is since the highest close, or now where that is higher', () => {
    const reading = standing([], { equity: usd('99000') });
    expect(drawdownFigures(reading, usd('110000')).peak).toMatchObject({
      start_equity_usd: usd('110000'),
      drawdown_bps: 1_000,
      limit_bps: null,
    });
    expect(
      drawdownFigures(standing([], { equity: usd('120000') }), usd('110000')).peak,
    ).toMatchObject({ start_equity_usd: usd('120000'), lost_usd: money.zero });
  });
});

describe('limits', () => {
  const find = (reading: ValuedReading, name: string) =>
    limitFigures(reading).limits.find(({ limit }) => limit === name);

  test('say when they are near and when they are reached', () => {
    const at = (value: string) => find(standing([of('NVDA', value)]), 'position_size');
    expect(at('7900')).toMatchObject({ now: '790', room: '210', state: 'ok' });
    expect(at('8000')).toMatchObject({ state: 'near', detail: 'NVDA' });
    expect(at('10000')).toMatchObject({ state: 'reached', room: '0' });
  });

  test('count losses in a row as a limit only while they make new risk wait', () => {
    const limits = limitsWith({ lossCooldownCount: 3, lossCooldownMinutes: 30 });
    const after = (minutes: number) => {
      const closedLosses = { count: 3, lastLossAt: noon.subtract({ minutes }) };
      const reading = standing([], { limits, account: ordinaryAccount({ closedLosses }) });
      return find(reading, 'losses_in_a_row');
    };
    expect(after(10)).toMatchObject({ state: 'reached', detail: 'new risk waits 20 more minutes' });
    expect(after(30)).toMatchObject({ state: 'ok', detail: null });
  });

  test('tell of credit by cash, or by margin where the account has it', () => {
    const reserved = { reserved: usd('40000') };
    const cash = standing([of('NVDA', '0', reserved)], {
      account: ordinaryAccount({ cash: usd('50000') }),
    });
    expect(find(cash, 'cash_set_aside')).toMatchObject({ room: '10000', state: 'near' });
    const onMargin = { ...cash, limits: limitsWith(marginLimits) };
    expect(find(onMargin, 'initial_margin')).toMatchObject({ now: '20000', room: '80000' });
  });
});
