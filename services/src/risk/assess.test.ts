import { money, type OrderId, type Price, price, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import {
  type AssessedAccount,
  type CheckCode,
  checkCodes,
  type OrderIntent,
  type RiskFacts,
  type RiskLimits,
} from '@sentinel/contracts/risk';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { propertyRuns } from '../kernel/test-property-runs.ts';
import { assess } from './assess.ts';
import {
  buy,
  grantFact,
  haltOf,
  held,
  limitsWith,
  marginLimits,
  markAt,
  noon,
  nvda,
  ordinaryAccount,
  ordinaryFacts,
  quoteOf,
  signalFacts,
} from './fixtures.ts';

type Case = {
  readonly intent?: OrderIntent;
  readonly facts?: Partial<RiskFacts>;
  readonly limits?: Partial<RiskLimits>;
  readonly account?: Partial<AssessedAccount>;
};

const judge = ({ intent = buy(10), facts, limits, account }: Case = {}) =>
  assess({
    intent,
    facts: ordinaryFacts(facts),
    limits: limitsWith(limits),
    account: ordinaryAccount(account),
  });

const checkOf = (code: CheckCode, given: Case) =>
  judge(given).checks.find((check) => check.code === code);
const codeOf = (given: Case) => {
  const { verdict } = judge(given);
  return verdict.outcome === 'DENIED' ? verdict.code : 'APPROVED';
};

const msft = 'MSFT' as Ticker;
const onMargin = marginLimits;
const borrow = (shares: number) => ({ available: quantity.fromShares(shares), annualFeeBps: 30 });
const short = (shares: number, intent: Partial<OrderIntent> = {}) =>
  buy(shares, { side: 'sell_short', ...intent });
const onPaper = { strategy: strategy('paper') };
const onSignal = {
  intent: buy(10, { strategyId: 'x', signalId: signalFacts().signalId }),
  account: { executions: { inWindow: 0, today: 0 } },
};
const traded = (inWindow: number, today: number) => ({ executions: { inWindow, today } });
const closing = Temporal.Instant.from('2026-03-02T20:55:00Z');
/** So narrow a range that no order here risks much. */
const narrow: RiskFacts['averageTrueRange'] = {
  value: price.of('0.01'),
  barsDigest: 'a'.repeat(64) as NonNullable<RiskFacts['averageTrueRange']>['barsDigest'],
};
const atClosing = { at: closing, quote: quoteOf(nvda, '119.95/120', closing) };

describe('an assessment', () => {
  test('of an ordinary order passes every hard check, and lists every code once in order', () => {
    const { checks, verdict } = judge();
    expect(verdict.outcome).toBe('APPROVED');
    expect(checks.map(({ code }) => code)).toEqual(checkCodes);
    expect(
      checks.filter(({ hard, status }) => hard && status !== 'PASS').map(({ code }) => code),
    ).toEqual([
      'AUTHORISED',
      'VIEWS_CURRENT',
      'STRATEGY_STATE',
      'POSITION_SIDE',
      'SHORT_SALE',
      'TICK_SIZE',
      'EXIT_ORDERS',
      'PRICE_COLLAR',
      'REPEATED_EXECUTION',
      'COMMITTEE',
      'HUMAN_APPROVAL',
    ]);
  });

  /** Each breaks exactly the limit that its code names; the neighbour just inside passes. */
  const denials: readonly (readonly [CheckCode, Case, Case])[] = [
    [
      'KILL_STATE',
      { account: { halts: [haltOf('symbol', 'NVDA')] } },
      { account: { halts: [haltOf('symbol', 'AMD')] } },
    ],
    [
      'AUTHORISED',
      { facts: { grant: grantFact({ maxOrderValue: money.of('1199.99') }) } },
      { facts: { grant: grantFact({ maxOrderValue: money.of('1200') }) } },
    ],
    [
      'VIEWS_CURRENT',
      { facts: { views: { problem: 'orders is parked' } } },
      { facts: { views: { problem: null } } },
    ],
    [
      'STRATEGY_STATE',
      {
        intent: buy(10, { strategyId: 'x' }),
        facts: { strategy: strategy('draft') },
        account: traded(0, 0),
      },
      {
        intent: buy(10, { strategyId: 'x' }),
        facts: { strategy: strategy('paper') },
        account: traded(0, 0),
      },
    ],
    [
      'UNRESOLVED_ORDER',
      { account: { reservations: [reservation(nvda, true)] } },
      { account: { reservations: [reservation(msft, true)] } },
    ],
    [
      'RESTRICTED',
      { limits: { restricted: { symbols: [nvda], notShortable: [] } } },
      { limits: { restricted: { symbols: [msft], notShortable: [nvda] } } },
    ],
    [
      'REGULATORY_PRE_ORDER',
      { intent: short(10), limits: onMargin, facts: { borrow: borrow(9) } },
      { intent: short(10), limits: onMargin, facts: { borrow: borrow(10) } },
    ],
    [
      'POSITION_SIDE',
      {
        intent: buy(6),
        limits: onMargin,
        account: { positions: [held(nvda, -5, '120')] },
        facts: { marks: [markAt(nvda, '120')] },
      },
      {
        intent: buy(5),
        limits: onMargin,
        account: { positions: [held(nvda, -5, '120')] },
        facts: { marks: [markAt(nvda, '120')] },
      },
    ],
    [
      'SHORT_SALE',
      { intent: buy(1, { side: 'sell' }) },
      {
        intent: buy(1, { side: 'sell' }),
        account: { positions: [held(nvda, 1, '100')] },
        facts: { marks: [markAt(nvda, '120')] },
      },
    ],
    ['TICK_SIZE', { intent: limit('119.005') }, { intent: limit('119.01') }],
    [
      'EXIT_ORDERS',
      {
        intent: buy(5, { exits: { takeProfit: price.of('130'), stopLoss: null } }),
        limits: onMargin,
        account: { positions: [held(nvda, -5, '120')] },
        facts: { marks: [markAt(nvda, '120')] },
      },
      { intent: buy(5, { exits: { takeProfit: price.of('130'), stopLoss: null } }) },
    ],
    [
      'STALE_DATA',
      { facts: { quote: quoteOf(nvda, '119.95/120', noon.subtract({ milliseconds: 5001 })) } },
      { facts: { quote: quoteOf(nvda, '119.95/120', noon.subtract({ milliseconds: 5000 })) } },
    ],
    [
      'TRADING_HOURS',
      { facts: atClosing },
      {
        facts: {
          at: closing.subtract({ milliseconds: 1 }),
          quote: quoteOf(nvda, '119.95/120', closing),
        },
      },
    ],
    // The middle is 119.975, and 5 % beyond it 125.97.
    ['PRICE_COLLAR', { intent: limit('125.98') }, { intent: limit('125.97') }],
    // A tenth of the account's 100,000 dollars is less than 25,000.
    [
      'MAX_ORDER_VALUE',
      { intent: limit('119.99', 84) },
      { intent: limit('119', 84), limits: { maxPositionBps: 2_000, maxTradeRiskBps: 10_000 } },
    ],
    [
      'MAX_ORDER_VOLUME',
      { intent: limit('0.5', 10_001) },
      {
        intent: limit('0.5', 10_000),
        limits: { maxPositionBps: 2_000, maxTradeRiskBps: 10_000 },
        facts: { averageTrueRange: narrow },
      },
    ],
    [
      'MAX_MESSAGES',
      { account: { messages: { lastSecond: 5, lastMinute: 5, today: 5 } } },
      { account: { messages: { lastSecond: 4, lastMinute: 29, today: 499 } } },
    ],
    [
      'REPEATED_EXECUTION',
      { intent: buy(10, { strategyId: 'x' }), facts: onPaper, account: traded(5, 5) },
      { intent: buy(10, { strategyId: 'x' }), facts: onPaper, account: traded(4, 19) },
    ],
    [
      'DUPLICATE_ORDER',
      { account: { sameTerms: { at: noon.subtract({ milliseconds: 29_999 }), ended: false } } },
      { account: { sameTerms: { at: noon.subtract({ milliseconds: 30_000 }), ended: false } } },
    ],
    // 10 at 120 with a 1 % cushion and a cent of fees sets aside 1212.01.
    [
      'CREDIT_THRESHOLD',
      {
        account: { cash: money.of('1212'), positions: [held(msft, 1000, '100')] },
        facts: { marks: [markAt(msft, '100')] },
        limits: { maxGrossExposureBps: 20_000 },
      },
      {
        account: { cash: money.of('1212.01'), positions: [held(msft, 1000, '100')] },
        facts: { marks: [markAt(msft, '100')] },
        limits: { maxGrossExposureBps: 20_000 },
      },
    ],
    [
      'SELF_MATCH',
      { account: workingSell('119.95'), facts: { marks: [markAt(nvda, '120')] } },
      {
        intent: limit('119.94'),
        account: workingSell('119.95'),
        facts: { marks: [markAt(nvda, '120')] },
      },
    ],
    [
      'DAILY_DRAWDOWN',
      { account: { cash: money.of('98000') } },
      { account: { cash: money.of('98000.1') } },
    ],
    [
      'WEEKLY_DRAWDOWN',
      { account: { cash: money.of('96000'), dayStartEquity: money.of('96000') } },
      { account: { cash: money.of('96000.1'), dayStartEquity: money.of('96000') } },
    ],
    [
      'PER_TRADE_RISK',
      { intent: buy(10, { stopPrice: price.of('20') }), limits: { maxTradeRiskBps: 99 } },
      { intent: buy(10, { stopPrice: price.of('20') }), limits: { maxTradeRiskBps: 101 } },
    ],
    ['POSITION_SIZE', { limits: { maxPositionBps: 121 } }, { limits: { maxPositionBps: 122 } }],
    [
      'GROSS_EXPOSURE',
      { limits: { maxGrossExposureBps: 121 } },
      { limits: { maxGrossExposureBps: 122 } },
    ],
    [
      'MAX_POSITIONS',
      {
        account: { positions: [held(msft, 1, '100')] },
        facts: { marks: [markAt(msft, '100')] },
        limits: { maxConcurrentPositions: 1 },
      },
      {
        account: { positions: [held(nvda, 1, '100')] },
        facts: { marks: [markAt(nvda, '120')] },
        limits: { maxConcurrentPositions: 1 },
      },
    ],
    [
      'SPREAD',
      { facts: { quote: quoteOf(nvda, '119.63/120') } },
      { facts: { quote: quoteOf(nvda, '119.65/120') } },
    ],
    [
      'LIQUIDITY',
      { facts: { averageDailyVolume: volume(499_999) } },
      { facts: { averageDailyVolume: volume(500_000) } },
    ],
    [
      'COMMITTEE',
      {
        ...onSignal,
        facts: { ...onPaper, committee: signalFacts({ compatible: false }) },
      },
      { ...onSignal, facts: { ...onPaper, committee: signalFacts() } },
    ],
  ];

  test.each(denials)(
    'denies with %s just past the limit, and passes just inside',
    (code, broken, inside) => {
      expect(codeOf(broken)).toBe(code);
      expect(checkOf(code, inside)?.status).toBe('PASS');
      expect(codeOf(inside)).toBe('APPROVED');
    },
  );

  test('has a denial above for every hard check but the one that leaves an order to a human', () => {
    const hard = judge()
      .checks.filter(({ hard, code }) => hard && code !== 'HUMAN_APPROVAL')
      .map(({ code }) => code);
    const limits = { approval: { aboveValue: money.zero } };
    expect(judge({ limits }).verdict).toEqual({ outcome: 'APPROVAL_REQUIRED' });
    expect(denials.map(([code]) => code)).toEqual(hard);
  });

  test('says SKIPPED, and blocks, when a hard check lacks its input', () => {
    expect(checkOf('STALE_DATA', { facts: { quote: null } })?.status).toBe('SKIPPED');
    expect(codeOf({ facts: { quote: null } })).toBe('REGULATORY_PRE_ORDER');
    const exit = {
      intent: buy(1, { side: 'sell' }),
      account: { positions: [held(nvda, 1, '100')] },
    };
    expect(codeOf({ ...exit, facts: { quote: null } })).toBe('STALE_DATA');
    expect(codeOf({ intent: short(10), limits: onMargin, facts: { borrow: null } })).toBe(
      'REGULATORY_PRE_ORDER',
    );
    expect(codeOf({ facts: { averageDailyVolume: null } })).toBe('LIQUIDITY');
    expect(codeOf({ facts: { averageTrueRange: null } })).toBe('PER_TRADE_RISK');
    expect(codeOf({ account: { positions: [held(msft, 1, '100')] } })).toBe('MAX_ORDER_VALUE');
  });

  test('only warns of a soft check', () => {
    const given = {
      facts: { marks: [markAt(msft, '100', 'Technology')] },
      account: { positions: [held(msft, 300, '100')], cash: money.of('70000') },
    };
    expect(checkOf('SECTOR_CONCENTRATION', given)?.status).toBe('FAIL');
    expect(checkOf('SECTOR_CONCENTRATION', { facts: { sector: null } })?.status).toBe('SKIPPED');
    expect(codeOf(given)).toBe('APPROVED');
  });

  test('counts an opposite side that moves apart as concentration (D-section 3)', () => {
    const pair = (correlationBps: number, shares: number) => ({
      facts: { marks: [markAt(msft, '100')], correlations: [{ symbol: msft, correlationBps }] },
      account: { positions: [held(msft, shares, '100')] },
    });
    expect(checkOf('CORRELATION', pair(7000, 1))?.status).toBe('FAIL');
    expect(checkOf('CORRELATION', pair(-7000, 1))?.status).toBe('PASS');
    expect(checkOf('CORRELATION', pair(-7000, -1))?.status).toBe('FAIL');
  });

  test('D9: an exit passes every limit on new risk, and none on conduct', () => {
    const exit = {
      intent: buy(10, { side: 'sell' }),
      facts: { marks: [markAt(nvda, '120')], averageDailyVolume: null },
    };
    const account = {
      positions: [held(nvda, 10, '200')],
      cash: money.of('1'),
      halts: [haltOf('global', null)],
    };
    expect(judge({ ...exit, account }).reducing).toBe(true);
    expect(codeOf({ ...exit, account })).toBe('APPROVED');
    expect(codeOf({ ...exit, facts: { ...exit.facts, ...atClosing }, account })).toBe('APPROVED');
    const twin = { sameTerms: { at: noon, ended: false } };
    expect(codeOf({ ...exit, account: { ...account, ...twin } })).toBe('DUPLICATE_ORDER');
    expect(
      codeOf({
        ...exit,
        account: { ...account, messages: { lastSecond: 0, lastMinute: 0, today: 500 } },
      }),
    ).toBe('MAX_MESSAGES');
    expect(
      codeOf({
        ...exit,
        account: { ...account, reservations: [{ ...reservation(nvda, false), side: 'sell' }] },
      }),
    ).toBe('KILL_STATE');
  });

  test('D15: a plain sell never opens a short position, on no account', () => {
    const sell = buy(1, { side: 'sell' });
    expect(codeOf({ intent: sell, limits: onMargin })).toBe('SHORT_SALE');
    expect(codeOf({ intent: short(1), facts: { borrow: borrow(1) } })).toBe('SHORT_SALE');
    expect(codeOf({ intent: short(1), limits: onMargin, facts: { borrow: borrow(1) } })).toBe(
      'APPROVED',
    );
  });

  test('a short sale is marked at 1.03 of the ask, or at its limit where that is more', () => {
    const reserved = (intent: OrderIntent) => {
      const { verdict } = judge({ intent, limits: onMargin, facts: { borrow: borrow(100) } });
      return verdict.outcome === 'APPROVED' ? money.format(verdict.approval.reservedCash) : verdict;
    };
    expect(reserved(short(10))).toBe('1236.01');
    expect(reserved(short(10, { orderType: 'limit', limitPrice: price.of('125') }))).toBe(
      '1250.01',
    );
  });

  test('D16: equity must bear half of all that is held, reserved and new, on margin', () => {
    const given = (cash: string) => ({
      limits: { ...onMargin, maxGrossExposureBps: 100_000, maxPositionBps: 100_000 },
      account: {
        cash: money.of(cash),
        positions: [held(msft, 10, '100')],
        dayStartEquity: money.of('1'),
        weekStartEquity: money.of('1'),
      },
      facts: { marks: [markAt(msft, '100')], averageTrueRange: narrow },
    });
    const needed = { value: '606.005' };
    // Half of 1,000 held and of 1,212.01 new is 1,106.005 of equity.
    expect(checkOf('CREDIT_THRESHOLD', given('106.005'))).toMatchObject({
      ...needed,
      status: 'PASS',
    });
    expect(checkOf('CREDIT_THRESHOLD', given('106.004'))).toMatchObject({
      ...needed,
      status: 'FAIL',
    });
  });

  test('of two exits of one order counts one, when shares are sold', () => {
    const exits = ['take_profit', 'stop_loss'].map(() => ({
      ...reservation(nvda, false),
      side: 'sell' as const,
      leavesQuantity: quantity.fromShares(6),
      reservedCash: money.zero,
      exitOf: '01890000-0000-7000-8000-0000000000cc' as OrderId,
      dormant: true,
    }));
    const given = (shares: number) => ({
      intent: buy(shares, { side: 'sell' }),
      account: { positions: [held(nvda, 10, '100')], reservations: exits },
      facts: { marks: [markAt(nvda, '120')] },
    });
    expect(codeOf(given(4))).toBe('APPROVED');
    expect(codeOf(given(5))).toBe('SHORT_SALE');
  });

  test('gives an order without a limit a protective one, unless it is an exit', () => {
    const collarOf = (given: Case) => {
      const { verdict } = judge(given);
      if (verdict.outcome !== 'APPROVED') throw new Error(verdict.outcome);
      return verdict.approval.intent.collar;
    };
    expect(collarOf({})).toBe(price.of('125.97'));
    expect(collarOf({ intent: short(1), limits: onMargin, facts: { borrow: borrow(1) } })).toBe(
      price.of('113.98'),
    );
    expect(collarOf({ intent: limit('120') })).toBeUndefined();
    const account = { positions: [held(nvda, 10, '100')] };
    const facts = { marks: [markAt(nvda, '120')] };
    expect(collarOf({ intent: buy(10, { side: 'sell' }), account, facts })).toBeUndefined();
  });

  test.each([
    ['24.99', '27.48'],
    ['4.99', '5.98'],
  ])('is wider for a cheap share: at %s up to %s', (at, worst) => {
    const facts = { quote: quoteOf(nvda, `${at}/${at}`), averageTrueRange: narrow };
    expect(checkOf('PRICE_COLLAR', { intent: limit(worst), facts })?.status).toBe('PASS');
    const beyond = price.format((price.of(worst) + 10_000n) as Price);
    expect(checkOf('PRICE_COLLAR', { intent: limit(beyond), facts })?.status).toBe('FAIL');
  });

  test('D10: a working buy counts as if it had filled', () => {
    const reservations = [{ ...reservation(nvda, false), reservedCash: money.of('4000') }];
    expect(codeOf({ account: { reservations } })).toBe('POSITION_SIZE');
  });

  test('never approves what would breach a limit on exposure, whatever the account', () => {
    const dollars = fc.bigInt({ min: 0n, max: 200_000_000_000n });
    fc.assert(
      fc.property(
        dollars,
        fc.integer({ min: 1, max: 5000 }),
        fc.integer({ min: 0, max: 900 }),
        dollars,
        (cash, shares, owned, reserved) => {
          const account = ordinaryAccount({
            cash: cash as typeof money.zero,
            positions: owned === 0 ? [] : [held(nvda, owned, '120')],
            reservations: [
              { ...reservation(msft, false), reservedCash: reserved as typeof money.zero },
            ],
            dayStartEquity: money.of('1'),
            weekStartEquity: money.of('1'),
          });
          const facts = ordinaryFacts({ marks: owned === 0 ? [] : [markAt(nvda, '120')] });
          const { verdict } = assess({ intent: buy(shares), facts, limits: limitsWith(), account });
          if (verdict.outcome !== 'APPROVED') return;
          const equity = cash + BigInt(owned) * 120_000_000n;
          const position = BigInt(owned) * 120_000_000n + verdict.approval.reservedCash;
          expect(position * 10_000n <= equity * 500n).toBe(true);
          expect((position + reserved) * 10_000n <= equity * 8000n).toBe(true);
          expect(verdict.approval.reservedCash + reserved <= cash).toBe(true);
        },
      ),
      { numRuns: propertyRuns(2000) },
    );
  });
});

function strategy(state: string): RiskFacts['strategy'] {
  return {
    strategyId: 'x',
    state,
    eventId: '01890000-0000-7000-8000-0000000000bb' as NonNullable<
      RiskFacts['strategy']
    >['eventId'],
  };
}

function reservation(symbol: Ticker, unresolved: boolean): AssessedAccount['reservations'][number] {
  return {
    symbol,
    side: 'buy',
    leavesQuantity: quantity.fromShares(1),
    limitPrice: null,
    reservedCash: money.of('1'),
    unresolved,
  };
}

/** One share held, which a working order offers. */
function workingSell(limitPrice: string): Partial<AssessedAccount> {
  return {
    positions: [held(nvda, 1, '120')],
    reservations: [
      {
        ...reservation(nvda, false),
        side: 'sell',
        reservedCash: money.zero,
        limitPrice: price.of(limitPrice),
      },
    ],
  };
}

function limit(at: string, shares = 10): OrderIntent {
  return buy(shares, { orderType: 'limit', limitPrice: price.of(at) });
}

function volume(shares: number): RiskFacts['averageDailyVolume'] {
  return {
    value: quantity.fromShares(shares),
    barsDigest: 'a'.repeat(64) as NonNullable<RiskFacts['averageDailyVolume']>['barsDigest'],
  };
}
