import { money, price } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { RiskLimits } from '@sentinel/contracts/risk';
import { describe, expect, test } from 'vitest';
import { exposureOf } from './account.ts';
import type { Check, Finding } from './checks/check.ts';
import { maxMessages, repeatedExecution } from './checks/conduct.ts';
import {
  addedExposure,
  correlation,
  maxPositions,
  sectorConcentration,
} from './checks/exposure.ts';
import {
  buy,
  held,
  markAt,
  nvda,
  ordinaryAccount,
  ordinaryFacts,
  ordinaryLimits,
} from './fixtures.ts';

type Given = {
  readonly intent?: Parameters<typeof buy>[1];
  readonly facts?: Parameters<typeof ordinaryFacts>[0];
  readonly account?: Parameters<typeof ordinaryAccount>[0];
  readonly limits?: Partial<RiskLimits>;
};

const found = (check: Check, given: Given): Finding => {
  const intent = buy(1, given.intent);
  const facts = ordinaryFacts(given.facts);
  const account = ordinaryAccount(given.account);
  const limits = { ...ordinaryLimits, ...given.limits };
  const exposure = exposureOf(account, facts);
  const added = addedExposure({ intent, facts, limits });
  return check.find({ intent, facts, account, limits, exposure, added, reducing: false });
};

const xom = 'XOM' as Ticker;
const msft = 'MSFT' as Ticker;

describe('messages', () => {
  const windows = [
    ['lastSecond', 'maxMessagesPerSecond', 'in the second'],
    ['lastMinute', 'maxMessagesPerMinute', 'in the minute'],
    ['today', 'maxMessagesPerDay', 'in the session'],
  ] as const;

  test.each(windows)('%s: the last that %s allows passes, and the next does not', (...of) => {
    const [window, limit, sentence] = of;
    const given = (sent: number): Given => ({
      account: { messages: { lastSecond: 0, lastMinute: 0, today: 0, [window]: sent } },
      limits: {
        ...{ maxMessagesPerSecond: 100, maxMessagesPerMinute: 100, maxMessagesPerDay: 100 },
        [limit]: 7,
      },
    });
    expect(found(maxMessages, given(6))).toMatchObject({ passes: true, value: '7', limit: '7' });
    expect(found(maxMessages, given(7))).toMatchObject({ passes: false, value: '8', limit: '7' });
    expect(found(maxMessages, given(7)).message).toContain(sentence);
  });
});

describe('repeated executions', () => {
  const given = (inWindow: number, today: number): Given => ({
    intent: { strategyId: 'x' },
    account: { executions: { inWindow, today } },
    limits: { repeatedExecution: { perWindow: 3, windowMinutes: 10, perDay: 8 } },
  });

  test.each([
    [2, 5, true, '3', '3'],
    [3, 5, false, '4', '3'],
    [0, 7, true, '1', '3'],
    [0, 8, false, '9', '8'],
  ])('%i in the window and %i today: passes is %s', (inWindow, today, passes, value, limit) => {
    expect(found(repeatedExecution, given(inWindow, today))).toMatchObject({
      passes,
      value,
      limit,
    });
  });
});

describe('sector concentration', () => {
  /** NVDA of one sector is bought by a limit at 100 dollars a share, beside what is held. */
  const given = (shares: number, sector: string | null): Given => ({
    intent: { orderType: 'limit', limitPrice: price.of('100') },
    facts: {
      sector: 'Technology',
      estimatedFees: money.zero,
      marks: [markAt(msft, '100', sector), markAt(xom, '100', 'Energy')],
    },
    account: {
      cash: money.subtract(money.of('90000'), money.of(`${shares * 100}`)),
      positions: [held(msft, shares, '100'), held(xom, 100, '100')],
    },
    limits: { maxSectorBps: 2_500 },
  });

  test('counts what is held of the sector and what is added, up to the limit and no further', () => {
    expect(found(sectorConcentration, given(249, 'Technology'))).toMatchObject({
      ...{ passes: true, value: '2500', limit: '2500' },
    });
    expect(found(sectorConcentration, given(250, 'Technology'))).toMatchObject({
      ...{ passes: false, value: '2510', limit: '2500' },
    });
  });

  test('leaves out what is held of another sector or of none that is known', () => {
    for (const sector of ['Health', null])
      expect(found(sectorConcentration, given(250, sector))).toMatchObject({
        ...{ passes: true, value: '10' },
      });
  });
});

describe('open positions', () => {
  test('count each symbol held or being bought once, the new one with them', () => {
    const given = (limit: number, symbol = nvda): Given => ({
      intent: { symbol },
      account: { positions: [held(msft, 1, '100'), held(xom, 1, '100')] },
      limits: { maxConcurrentPositions: limit },
    });
    expect(found(maxPositions, given(3))).toMatchObject({ passes: true, value: '3', limit: '3' });
    expect(found(maxPositions, given(2))).toMatchObject({ passes: false, value: '3' });
    expect(found(maxPositions, given(2, msft))).toMatchObject({ passes: true, value: '2' });
  });
});

describe('correlation', () => {
  const given = (shares: number, correlationBps: number, side: 'buy' | 'sell_short'): Given => ({
    intent: { side },
    facts: { correlations: [{ symbol: msft, correlationBps }] },
    account: { positions: [held(msft, shares, '100')] },
    limits: { maxCorrelationBps: 7_000 },
  });

  test.each([
    [10, 6_999, 'buy', true],
    [10, 7_000, 'buy', false],
    [10, -9_000, 'buy', true],
    [10, -7_000, 'sell_short', false],
    [-10, 7_000, 'sell_short', false],
    [-10, -7_000, 'buy', false],
    [-10, 9_000, 'buy', true],
  ] as const)('%i held at %i bps and a %s: passes is %s', (shares, bps, side, passes) => {
    expect(found(correlation, given(shares, bps, side))).toMatchObject({ passes });
  });

  test('with the symbol itself, and with what is not held, is none', () => {
    const itself = [
      { symbol: nvda, correlationBps: 10_000 },
      { symbol: xom, correlationBps: 9_000 },
    ];
    expect(
      found(correlation, {
        facts: { correlations: itself },
        account: { positions: [held(nvda, 10, '120')] },
      }),
    ).toMatchObject({ passes: true, value: '0' });
  });
});
