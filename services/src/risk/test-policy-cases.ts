import { money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type {
  AssessedAccount,
  CheckCode,
  CommitteeFacts,
  OrderIntent,
  Reservation,
  RiskFacts,
  RiskLimits,
} from '@sentinel/contracts/risk';
import type { AssessmentInputs } from './assess.ts';
import {
  buy,
  grantFact,
  haltOf,
  held,
  marginLimits,
  markAt,
  noon,
  nvda,
  ordinaryAccount,
  ordinaryFacts,
  ordinaryLimits,
  quoteOf,
  signalFacts,
} from './fixtures.ts';

type Given = {
  readonly intent?: OrderIntent;
  readonly facts?: Partial<RiskFacts>;
  readonly limits?: Partial<RiskLimits>;
  readonly account?: Partial<AssessedAccount>;
};

/** One case for each branch of each check. Cases are added; none is changed once it is pinned. */
export type PolicyCase = {
  readonly code: CheckCode;
  readonly name: string;
  readonly inputs: AssessmentInputs;
};

const without = (...names: (keyof RiskLimits)[]): RiskLimits =>
  Object.fromEntries(
    Object.entries(ordinaryLimits).filter(([name]) => !names.includes(name as keyof RiskLimits)),
  ) as RiskLimits;

const caseOf = (code: CheckCode, what: string, given: Given = {}): PolicyCase => ({
  code,
  name: `${code}: ${what}`,
  inputs: {
    intent: given.intent ?? buy(10),
    facts: ordinaryFacts(given.facts),
    limits: { version: 1, limits: { ...ordinaryLimits, ...given.limits } as RiskLimits },
    account: ordinaryAccount(given.account),
  },
});
/** With limits that lack some members altogether. */
const lacking = (
  code: CheckCode,
  name: keyof RiskLimits,
  ...[given = {}, when]: readonly [given?: Given, when?: string]
): PolicyCase => {
  const what = `the limits say nothing of ${name}${when === undefined ? '' : `, ${when}`}`;
  const made = caseOf(code, what, given);
  return { ...made, inputs: { ...made.inputs, limits: { version: 1, limits: without(name) } } };
};

const msft = 'MSFT' as Ticker;
const limit = (at: string, shares = 10, rest: Partial<OrderIntent> = {}) =>
  buy(shares, { orderType: 'limit', limitPrice: price.of(at), ...rest });
const sell = (shares: number, rest: Partial<OrderIntent> = {}) =>
  buy(shares, { side: 'sell', ...rest });
const short = (shares: number, rest: Partial<OrderIntent> = {}) =>
  buy(shares, { side: 'sell_short', ...rest });
const strategy = (state: string): RiskFacts['strategy'] => ({
  strategyId: 'x',
  state,
  eventId: '01890000-0000-7000-8000-0000000000bb' as NonNullable<RiskFacts['strategy']>['eventId'],
});
const digest = 'a'.repeat(64) as NonNullable<RiskFacts['averageDailyVolume']>['barsDigest'];
const volume = (shares: number): RiskFacts['averageDailyVolume'] => ({
  value: quantity.fromShares(shares),
  barsDigest: digest,
});
const range = (at: string): RiskFacts['averageTrueRange'] => ({
  value: price.of(at),
  barsDigest: digest,
});
const working = (rest: Partial<Reservation> = {}): Reservation => ({
  symbol: nvda,
  side: 'buy',
  leavesQuantity: quantity.fromShares(1),
  limitPrice: null,
  reservedCash: money.of('1'),
  unresolved: false,
  ...rest,
});
const offered = (rest: Partial<Reservation> = {}) =>
  working({ side: 'sell', reservedCash: money.zero, ...rest });
const exitOf = '01890000-0000-7000-8000-0000000000cc' as OrderId;
const borrow = (shares: number) => ({ available: quantity.fromShares(shares), annualFeeBps: 30 });
const on = { limits: marginLimits };
const long = (shares: number, rest: Partial<AssessedAccount> = {}): Given => ({
  account: { positions: [held(nvda, shares, '100')], ...rest },
  facts: { marks: [markAt(nvda, '120')] },
});
const exit = { ...long(10), intent: sell(10) };
const onPaper = { strategy: strategy('paper') };
const named = buy(10, { strategyId: 'x' });
const noQuote = { quote: null };
const blind: Given = { account: { positions: [held(msft, 1, '100')] } };
const broke: Given = { account: { cash: money.of('-1') } };
const at = (time: string) => ({ at: Temporal.Instant.from(`2026-03-02T${time}Z`) });
const { session } = ordinaryFacts();
const bands = (lower: string, upper: string) => ({
  quote: {
    ...quoteOf(nvda, '119.95/120'),
    bands: { lower: price.of(lower), upper: price.of(upper) },
  },
});

const signalled = (signal: Partial<CommitteeFacts>, given: Given = {}): Given => ({
  ...given,
  intent: buy(10, { ...given.intent, strategyId: 'x', signalId: signalFacts().signalId }),
  facts: { ...onPaper, committee: signalFacts(signal), ...given.facts },
  account: { executions: { inWindow: 0, today: 0 }, ...given.account },
});
const vote = (what: string, signal: Partial<CommitteeFacts>, given: Given = {}) =>
  caseOf('COMMITTEE', what, signalled(signal, given));

const permissions: readonly PolicyCase[] = [
  caseOf('KILL_STATE', 'no halt'),
  caseOf('KILL_STATE', 'a global halt', { account: { halts: [haltOf('global', null)] } }),
  caseOf('KILL_STATE', 'its strategy', {
    intent: named,
    account: { halts: [haltOf('strategy', 'x')] },
  }),
  caseOf('KILL_STATE', 'its symbol', { account: { halts: [haltOf('symbol', 'NVDA')] } }),
  caseOf('KILL_STATE', 'other halts', {
    account: { halts: [haltOf('symbol', 'AMD'), haltOf('strategy', 'y')] },
  }),
  caseOf('KILL_STATE', 'the account', { account: { halts: [haltOf('account', null)] } }),
  caseOf('KILL_STATE', 'an exit', { ...exit, ...long(10, { halts: [haltOf('global', null)] }) }),
  caseOf('VIEWS_CURRENT', 'nobody watches'),
  caseOf('VIEWS_CURRENT', 'folded', { facts: { views: { problem: null } } }),
  caseOf('VIEWS_CURRENT', 'stopped', { facts: { views: { problem: 'orders is parked' } } }),
  caseOf('VIEWS_CURRENT', 'stopped, an exit', {
    ...exit,
    facts: { ...exit.facts, views: { problem: 'orders is parked' } },
  }),
  caseOf('VIEWS_CURRENT', 'orders counted', {
    facts: { views: { problem: null }, counting: { problem: null } },
  }),
  caseOf('VIEWS_CURRENT', 'orders not counted', {
    facts: { views: { problem: null }, counting: { problem: 'Redis is away' } },
  }),
  caseOf('VIEWS_CURRENT', 'orders not counted, and nobody watches', {
    facts: { counting: { problem: 'Redis is away' } },
  }),
  caseOf('VIEWS_CURRENT', 'orders not counted, and stopped', {
    facts: { views: { problem: 'orders is parked' }, counting: { problem: 'Redis is away' } },
  }),
  caseOf('VIEWS_CURRENT', 'orders not counted, an exit', {
    ...exit,
    facts: { ...exit.facts, counting: { problem: 'Redis is away' } },
  }),
  caseOf('STRATEGY_STATE', 'no strategy'),
  caseOf('STRATEGY_STATE', 'unknown', { intent: named }),
  caseOf('STRATEGY_STATE', 'too early', { intent: named, facts: { strategy: strategy('draft') } }),
  ...['paper', 'paper_approved', 'live', 'live_approved', 'suspended'].flatMap((state) => [
    caseOf('STRATEGY_STATE', state, { intent: named, facts: { strategy: strategy(state) } }),
    caseOf('STRATEGY_STATE', `${state} at a live venue`, {
      intent: named,
      facts: { strategy: strategy(state) },
      account: { venue: 'live' },
    }),
  ]),
  caseOf('STRATEGY_STATE', 'unknown at a live venue', {
    intent: named,
    account: { venue: 'live' },
  }),
  caseOf('UNRESOLVED_ORDER', 'none'),
  caseOf('UNRESOLVED_ORDER', 'in this symbol', {
    account: { reservations: [working({ unresolved: true })] },
  }),
  caseOf('UNRESOLVED_ORDER', 'in another', {
    account: { reservations: [working({ symbol: msft, unresolved: true })] },
  }),
  lacking('RESTRICTED', 'restricted'),
  caseOf('RESTRICTED', 'listed', { limits: { restricted: { symbols: [nvda], notShortable: [] } } }),
  caseOf('RESTRICTED', 'not to be sold short', {
    intent: short(1),
    limits: { ...marginLimits, restricted: { symbols: [], notShortable: [nvda] } },
  }),
  caseOf('RESTRICTED', 'free', {
    limits: { restricted: { symbols: [msft], notShortable: [nvda] } },
  }),
  caseOf('REGULATORY_PRE_ORDER', 'no quote', { facts: noQuote }),
  caseOf('REGULATORY_PRE_ORDER', 'halted', {
    facts: { quote: { ...quoteOf(nvda, '119.95/120'), halted: true } },
  }),
  caseOf('REGULATORY_PRE_ORDER', 'above the bands', { facts: bands('110', '119.99') }),
  caseOf('REGULATORY_PRE_ORDER', 'below the bands', {
    intent: short(1),
    ...on,
    facts: { ...bands('119.96', '130'), borrow: borrow(1) },
  }),
  caseOf('REGULATORY_PRE_ORDER', 'within the bands', { facts: bands('110', '120') }),
  caseOf('REGULATORY_PRE_ORDER', 'no word of shares to borrow', { intent: short(1), ...on }),
  caseOf('REGULATORY_PRE_ORDER', 'shares to borrow unknown', {
    intent: short(1),
    ...on,
    facts: { borrow: null },
  }),
  caseOf('REGULATORY_PRE_ORDER', 'too few to borrow', {
    intent: short(2),
    ...on,
    facts: { borrow: borrow(1) },
  }),
  caseOf('REGULATORY_PRE_ORDER', 'located', {
    intent: short(1),
    ...on,
    facts: { borrow: borrow(1) },
  }),
];

const positions: readonly PolicyCase[] = [
  caseOf('POSITION_SIDE', 'a plain sale', exit),
  caseOf('POSITION_SIDE', 'a short from nothing', { intent: short(1), ...on }),
  caseOf('POSITION_SIDE', 'a short while long', { ...long(1), intent: short(1), ...on }),
  caseOf('POSITION_SIDE', 'a short while buying', {
    intent: short(1),
    ...on,
    account: { reservations: [working()] },
  }),
  caseOf('POSITION_SIDE', 'a buy from nothing'),
  caseOf('POSITION_SIDE', 'a buy while selling short', {
    account: { reservations: [working({ side: 'sell_short' })] },
  }),
  caseOf('POSITION_SIDE', 'buying back', { ...long(-5), intent: buy(5), ...on }),
  caseOf('POSITION_SIDE', 'buying back too many', { ...long(-5), intent: buy(6), ...on }),
  caseOf('POSITION_SIDE', 'buying back while buying back', {
    ...long(-5, { reservations: [working()] }),
    intent: buy(5),
    ...on,
  }),
  caseOf('SHORT_SALE', 'a buy'),
  caseOf('SHORT_SALE', 'not on this account', { intent: short(1), facts: { borrow: borrow(1) } }),
  caseOf('SHORT_SALE', 'on margin', { intent: short(1), ...on, facts: { borrow: borrow(1) } }),
  caseOf('SHORT_SALE', 'of what is held', exit),
  caseOf('SHORT_SALE', 'of more than is held', { ...long(10), intent: sell(11) }),
  caseOf('SHORT_SALE', 'of what is offered already', {
    ...long(10, { reservations: [offered({ symbol: msft }), offered()] }),
    intent: sell(10),
  }),
  caseOf('SHORT_SALE', 'beside two exits of one order', {
    ...long(10, {
      reservations: [
        offered({ exitOf, leavesQuantity: quantity.fromShares(6) }),
        offered({ exitOf, leavesQuantity: quantity.fromShares(5) }),
        offered({ leavesQuantity: quantity.fromShares(1) }),
      ],
    }),
    intent: sell(3),
  }),
  caseOf('TICK_SIZE', 'no price'),
  caseOf('TICK_SIZE', 'on the grid', { intent: limit('119.01') }),
  caseOf('TICK_SIZE', 'off the grid', { intent: limit('119.005') }),
  caseOf('TICK_SIZE', 'an exit off the grid', {
    intent: buy(1, { exits: { takeProfit: price.of('130.005'), stopLoss: null } }),
  }),
  caseOf('EXIT_ORDERS', 'none'),
  caseOf('EXIT_ORDERS', 'of what it opens', {
    intent: buy(1, { exits: { takeProfit: price.of('130'), stopLoss: price.of('110') } }),
  }),
  caseOf('EXIT_ORDERS', 'of what it closes', {
    ...long(-5),
    ...on,
    intent: buy(5, { exits: { takeProfit: price.of('130'), stopLoss: null } }),
  }),
  caseOf('EXIT_ORDERS', 'a pair that sells what is held', {
    ...long(10),
    intent: limit('121', 10, {
      side: 'sell',
      exits: { takeProfit: null, stopLoss: price.of('110') },
    }),
  }),
  caseOf('EXIT_ORDERS', 'a pair that sells more', {
    intent: limit('121', 10, {
      side: 'sell',
      exits: { takeProfit: null, stopLoss: price.of('110') },
    }),
  }),
];

const market: readonly PolicyCase[] = [
  caseOf('STALE_DATA', 'no quote', { facts: noQuote }),
  caseOf('STALE_DATA', 'no bid', {
    facts: { quote: { ...quoteOf(nvda, '119.95/120'), bid: price.of('0') } },
  }),
  caseOf('STALE_DATA', 'crossed', { facts: { quote: quoteOf(nvda, '120.01/120') } }),
  caseOf('STALE_DATA', 'just too old', {
    facts: { quote: quoteOf(nvda, '119.95/120', noon.subtract({ milliseconds: 5001 })) },
  }),
  caseOf('STALE_DATA', 'just fresh', {
    facts: { quote: quoteOf(nvda, '119.95/120', noon.subtract({ milliseconds: 5000 })) },
  }),
  caseOf('STALE_DATA', 'of the future', {
    facts: { quote: quoteOf(nvda, '119.95/120', noon.add({ milliseconds: 5001 })) },
  }),
  caseOf('TRADING_HOURS', 'closed', { facts: { session: { ...session, state: 'closed' } } }),
  caseOf('TRADING_HOURS', 'never closes', {
    facts: { session: { ...session, opensAt: null, closesAt: null } },
  }),
  caseOf('TRADING_HOURS', 'too late', { facts: at('20:55:00') }),
  caseOf('TRADING_HOURS', 'just in time', { facts: at('20:54:59.999') }),
  caseOf('TRADING_HOURS', 'late, an exit', {
    ...exit,
    facts: { ...exit.facts, ...at('20:59:59') },
  }),
  caseOf('TRADING_HOURS', 'after the close, an exit', {
    ...exit,
    facts: { ...exit.facts, ...at('21:00:00') },
  }),
  lacking('PRICE_COLLAR', 'collar'),
  caseOf('PRICE_COLLAR', 'no quote', { facts: noQuote }),
  caseOf('PRICE_COLLAR', 'no limit'),
  caseOf('PRICE_COLLAR', 'no limit, an exit', exit),
  caseOf('PRICE_COLLAR', 'a buy at the edge', { intent: limit('125.97') }),
  caseOf('PRICE_COLLAR', 'a buy beyond it', { intent: limit('125.98') }),
  caseOf('PRICE_COLLAR', 'a sale at the edge', {
    ...long(10),
    intent: limit('113.98', 10, { side: 'sell' }),
  }),
  caseOf('PRICE_COLLAR', 'a sale beyond it', {
    ...long(10),
    intent: limit('113.97', 10, { side: 'sell' }),
  }),
  ...(['24.99', '4.99', '25', '5'] as const).map((each) =>
    caseOf('PRICE_COLLAR', `of ${each}`, {
      facts: { quote: quoteOf(nvda, `${each}/${each}`), averageTrueRange: range('0.01') },
    }),
  ),
  caseOf('PRICE_COLLAR', 'by the stop that it waits for', {
    intent: limit('136', 1, { orderType: 'stop_limit', triggerPrice: price.of('130') }),
  }),
  caseOf('PRICE_COLLAR', 'a market order on the close', {
    intent: buy(10, { orderType: 'market_on_close', timeInForce: 'cls' }),
  }),
  caseOf('PRICE_COLLAR', 'a short without a limit', {
    intent: short(1),
    ...on,
    facts: { borrow: borrow(1) },
  }),
  caseOf('SPREAD', 'no quote', { facts: noQuote }),
  caseOf('SPREAD', 'too wide', { facts: { quote: quoteOf(nvda, '119.63/120') } }),
  caseOf('SPREAD', 'just narrow', { facts: { quote: quoteOf(nvda, '119.65/120') } }),
  ...(['24.99', '4.99'] as const).map((each) =>
    caseOf('SPREAD', `none, of ${each}`, {
      facts: { quote: quoteOf(nvda, `${each}/${each}`), averageTrueRange: range('0.01') },
    }),
  ),
  caseOf('LIQUIDITY', 'unknown', { facts: { averageDailyVolume: null } }),
  caseOf('LIQUIDITY', 'hardly traded', { facts: { averageDailyVolume: volume(499_999) } }),
  caseOf('LIQUIDITY', 'just traded', { facts: { averageDailyVolume: volume(500_000) } }),
  caseOf('LIQUIDITY', 'too large a share of the day', {
    intent: limit('0.5', 5_001),
    facts: { averageDailyVolume: volume(500_000) },
  }),
  caseOf('LOSS_COOLDOWN', 'few losses', {
    account: { lossStreak: { count: 2, lastLossAt: noon } },
  }),
  caseOf('LOSS_COOLDOWN', 'without an end', {
    account: { lossStreak: { count: 3, lastLossAt: null } },
  }),
  ...[29, 30].map((minutes) =>
    caseOf('LOSS_COOLDOWN', `${minutes} minutes after`, {
      account: { lossStreak: { count: 3, lastLossAt: noon.subtract({ minutes }) } },
    }),
  ),
  caseOf('SLIPPAGE', 'unknown', { facts: { averageDailyVolume: null } }),
  caseOf('SLIPPAGE', 'no quote', { facts: noQuote }),
  caseOf('SLIPPAGE', 'no trade', { facts: { averageDailyVolume: volume(0) } }),
  caseOf('SLIPPAGE', 'little'),
  caseOf('SLIPPAGE', 'a limit pays half the spread', { intent: limit('120') }),
  caseOf('SLIPPAGE', 'much', { facts: { quote: quoteOf(nvda, '119.8/120') } }),
];

const size: readonly PolicyCase[] = [
  lacking('MAX_ORDER_VALUE', 'order'),
  caseOf('MAX_ORDER_VALUE', 'no price', { facts: noQuote }),
  caseOf('MAX_ORDER_VALUE', 'no mark', blind),
  caseOf('MAX_ORDER_VALUE', 'within', { intent: limit('119', 84) }),
  caseOf('MAX_ORDER_VALUE', 'beyond', { intent: limit('119.99', 84) }),
  caseOf('MAX_ORDER_VALUE', 'of a large account', {
    intent: limit('120', 209),
    account: { cash: money.of('1000000') },
  }),
  caseOf('MAX_ORDER_VALUE', 'no equity', broke),
  lacking('MAX_ORDER_VOLUME', 'order'),
  caseOf('MAX_ORDER_VOLUME', 'within', { intent: limit('0.5', 10_000) }),
  caseOf('MAX_ORDER_VOLUME', 'beyond', { intent: limit('0.5', 10_001) }),
  ...(
    [
      ['few', 4, 29, 499],
      ['many in a second', 5, 5, 5],
      ['many in a minute', 0, 30, 30],
      ['many in a session', 0, 0, 500],
    ] as const
  ).map(([what, lastSecond, lastMinute, today]) =>
    caseOf('MAX_MESSAGES', what, { account: { messages: { lastSecond, lastMinute, today } } }),
  ),
  caseOf('REPEATED_EXECUTION', 'no strategy'),
  lacking('REPEATED_EXECUTION', 'repeatedExecution', { intent: named, facts: onPaper }),
  caseOf('REPEATED_EXECUTION', 'unknown', { intent: named, facts: onPaper }),
  ...(
    [
      [4, 19],
      [5, 5],
      [0, 20],
    ] as const
  ).map(([inWindow, today]) =>
    caseOf('REPEATED_EXECUTION', `${inWindow} in the window, ${today} today`, {
      intent: named,
      facts: onPaper,
      account: { executions: { inWindow, today } },
    }),
  ),
  caseOf('DUPLICATE_ORDER', 'none before'),
  ...[29_999, 30_000].map((milliseconds) =>
    caseOf('DUPLICATE_ORDER', `${milliseconds} ms after`, {
      account: { sameOrderAt: noon.subtract({ milliseconds }) },
    }),
  ),
  caseOf('SELF_MATCH', 'nothing works the other side'),
  caseOf('SELF_MATCH', 'no price', { facts: noQuote, account: { reservations: [offered()] } }),
  caseOf('SELF_MATCH', 'a stop that sleeps', {
    account: { reservations: [offered({ dormant: true })] },
  }),
  caseOf('SELF_MATCH', 'an order without a limit', { account: { reservations: [offered()] } }),
  caseOf('SELF_MATCH', 'a buy that meets an offer', {
    account: { reservations: [offered({ limitPrice: price.of('120') })] },
  }),
  caseOf('SELF_MATCH', 'a buy below an offer', {
    account: { reservations: [offered({ limitPrice: price.of('120.01') })] },
  }),
  caseOf('SELF_MATCH', 'a short that meets a bid', {
    intent: short(1),
    ...on,
    facts: { borrow: borrow(1) },
    account: { reservations: [working({ limitPrice: price.of('119.95') })] },
  }),
];

const account: readonly PolicyCase[] = [
  caseOf('CREDIT_THRESHOLD', 'a sale', { ...long(1), intent: sell(2) }),
  caseOf('CREDIT_THRESHOLD', 'no price', { facts: noQuote }),
  caseOf('CREDIT_THRESHOLD', 'a short without a price', {
    intent: short(1),
    ...on,
    facts: noQuote,
  }),
  caseOf('CREDIT_THRESHOLD', 'a short without margin', { intent: short(1) }),
  caseOf('CREDIT_THRESHOLD', 'just enough', { account: { cash: money.of('1212.01') } }),
  caseOf('CREDIT_THRESHOLD', 'not enough', { account: { cash: money.of('1212') } }),
  caseOf('CREDIT_THRESHOLD', 'reserved already', {
    account: { reservations: [working({ reservedCash: money.of('98787.99') })] },
  }),
  caseOf('CREDIT_THRESHOLD', 'a limit takes no cushion', { intent: limit('120') }),
  caseOf('CREDIT_THRESHOLD', 'a stop takes more', {
    intent: buy(10, { orderType: 'stop', triggerPrice: price.of('125') }),
  }),
  ...(
    [
      ['a trail in dollars', 'buy', { amount: price.of('2'), bps: null }],
      ['a trail in basis points', 'buy', { amount: null, bps: 100 }],
      ['a trail of nothing', 'buy', { amount: null, bps: null }],
      ['a short with a trail', 'sell_short', { amount: price.of('2'), bps: null }],
      [
        'a short that would trail below nothing',
        'sell_short',
        { amount: price.of('200'), bps: null },
      ],
    ] as const
  ).map(([what, side, trail]) =>
    caseOf('CREDIT_THRESHOLD', what, {
      intent: buy(1, { side, orderType: 'trailing_stop', trail }),
      ...on,
      facts: { borrow: borrow(1) },
    }),
  ),
  caseOf('CREDIT_THRESHOLD', 'on margin without a mark', { ...blind, ...on }),
  ...['1000', '606.004'].map((cash) =>
    caseOf('CREDIT_THRESHOLD', `on margin with ${cash}`, {
      ...on,
      account: { cash: money.of(cash) },
    }),
  ),
  caseOf('CREDIT_THRESHOLD', 'a short beyond its mark', {
    intent: limit('125', 1, { side: 'sell_short' }),
    ...on,
    facts: { borrow: borrow(1) },
  }),
  ...(['DAILY_DRAWDOWN', 'WEEKLY_DRAWDOWN'] as const).flatMap((code) => [
    caseOf(code, 'no mark', blind),
    caseOf(code, 'started without equity', {
      account: { dayStartEquity: money.zero, weekStartEquity: money.zero },
    }),
    ...['98000', '98000.1', '96000', '96000.1', '101000'].map((cash) =>
      caseOf(code, `at ${cash}`, { account: { cash: money.of(cash) } }),
    ),
  ]),
  caseOf('PER_TRADE_RISK', 'no mark', blind),
  caseOf('PER_TRADE_RISK', 'no price', { facts: noQuote }),
  caseOf('PER_TRADE_RISK', 'no range', { facts: { averageTrueRange: null } }),
  caseOf('PER_TRADE_RISK', 'by the range'),
  caseOf('PER_TRADE_RISK', 'on the wrong side', {
    intent: buy(10, { stopPrice: price.of('120') }),
  }),
  caseOf('PER_TRADE_RISK', 'by the stop', { intent: buy(10, { stopPrice: price.of('119') }) }),
  caseOf('PER_TRADE_RISK', 'too much', { intent: buy(10, { stopPrice: price.of('19') }) }),
  caseOf('PER_TRADE_RISK', 'of a short', {
    intent: short(1, { stopPrice: price.of('125') }),
    ...on,
    facts: { borrow: borrow(1) },
  }),
  caseOf('PER_TRADE_RISK', 'no equity', broke),
  ...(['POSITION_SIZE', 'GROSS_EXPOSURE', 'SECTOR_CONCENTRATION'] as const).flatMap((code) => [
    caseOf(code, 'no mark', blind),
    caseOf(code, 'no price', { facts: noQuote }),
    caseOf(code, 'no equity', broke),
    caseOf(code, 'within'),
    caseOf(code, 'with what is held and reserved', {
      ...long(30, { reservations: [working({ reservedCash: money.of('1000') })] }),
    }),
    caseOf(code, 'beyond', {
      account: { positions: [held(nvda, 700, '100')], reservations: [working({ symbol: msft })] },
      facts: { marks: [markAt(nvda, '120', 'Technology')] },
      intent: buy(10),
    }),
    caseOf(code, 'a sale of more than is held', { ...long(1), intent: sell(2) }),
    caseOf(code, 'a sale without a price', {
      account: { positions: [held(nvda, 1, '100')] },
      facts: { ...noQuote, marks: [markAt(nvda, '120')] },
      intent: sell(2),
    }),
  ]),
  caseOf('SECTOR_CONCENTRATION', 'unknown', { facts: { sector: null } }),
  caseOf('MAX_POSITIONS', 'one more', {
    account: { positions: [held(msft, 1, '100')] },
    facts: { marks: [markAt(msft, '100')] },
    limits: { maxConcurrentPositions: 1 },
  }),
  caseOf('MAX_POSITIONS', 'the same', { ...long(1), limits: { maxConcurrentPositions: 1 } }),
  caseOf('CORRELATION', 'unknown', { facts: { correlations: null } }),
  caseOf('CORRELATION', 'nothing held'),
  ...(
    [
      ['alike', 7000, 1],
      ['apart', -7000, 1],
      ['apart, owed', -7000, -1],
      ['nearly', 6999, 1],
    ] as const
  ).map(([what, correlationBps, shares]) =>
    caseOf('CORRELATION', what, {
      account: { positions: [held(msft, shares, '100')] },
      facts: {
        marks: [markAt(msft, '100')],
        correlations: [
          { symbol: nvda, correlationBps: 10_000 },
          { symbol: 'AMD' as Ticker, correlationBps: 9_000 },
          { symbol: msft, correlationBps },
        ],
      },
    }),
  ),
];

const committee: readonly PolicyCase[] = [
  caseOf('COMMITTEE', 'no signal'),
  caseOf('COMMITTEE', 'unknown', { ...signalled({}), facts: { ...onPaper, committee: null } }),
  caseOf('COMMITTEE', 'no word of it', { ...signalled({}), facts: onPaper }),
  vote('no mark', {}, blind),
  vote('of another strategy', { strategyId: 'y' }),
  vote('of another symbol', { symbol: msft }),
  vote('of another side', { side: 'sell_short' }),
  vote('all approve', {}),
  ...[6_500, 6_499, 4_000, 3_999].map((fitBps) => vote(`a fit of ${fitBps}`, { fitBps })),
  vote('it does not fit', { compatible: false }),
  vote('no quote', {}, { facts: noQuote }),
  vote('crossed', {}, { facts: { quote: quoteOf(nvda, '120.01/120') } }),
  vote('a wide spread', {}, { facts: { quote: quoteOf(nvda, '99.9/100.11') } }),
  vote('no volume', { barVolume: null }),
  vote('a quiet bar', { barVolume: quantity.fromShares(99_999) }),
  ...[null, 0, 501, 500, 83, 84].map((averageTrueRangeBps) =>
    vote(`a range of ${averageTrueRangeBps}`, { averageTrueRangeBps }),
  ),
  ...['119.29', '119.28', '120', '121'].map((stop) =>
    vote(`a stop at ${stop}`, { stop: price.of(stop) }),
  ),
  ...['125.4', '125.39', '124.5', '124.49'].map((target) =>
    vote(`a target at ${target}`, { target: price.of(target) }),
  ),
  vote('no equity', {}, broke),
  ...[41, 48, 49, 50, 60, 100].map((shares) => vote(`${shares} held`, {}, long(shares))),
  vote(
    'too much in all',
    {},
    {
      account: { positions: [held(msft, 850, '100')] },
      facts: { marks: [markAt(msft, '100')] },
    },
  ),
  vote('the market falls', { label: 'risk_off' }),
  vote('no move of the market', { contextMoveBps: null }),
  ...[-100, -101].map((contextMoveBps) => vote(`a move of ${contextMoveBps}`, { contextMoveBps })),
  vote(
    'a short against a rise',
    { side: 'sell_short', contextMoveBps: 101 },
    {
      intent: short(1),
      ...on,
      facts: { borrow: borrow(1) },
    },
  ),
  ...[6_325, 6_324, 5_500, 5_499].map((confidenceBps) =>
    vote(`a confidence of ${confidenceBps}`, { confidenceBps }),
  ),
  ...['14:44:59.999', '14:45:00', '20:44:59.999', '20:45:00'].map((time) =>
    vote(`at ${time}`, {}, { facts: at(time) }),
  ),
  vote('closed', {}, { facts: { session: { ...session, state: 'closed' } } }),
  vote('never closes', {}, { facts: { session: { ...session, opensAt: null, closesAt: null } } }),
  vote('hardly to be traded', { tradeabilityBps: 3_499 }),
  vote('near the edge', {
    fitBps: 4_000,
    barVolume: null,
    averageTrueRangeBps: null,
    contextMoveBps: null,
    confidenceBps: 5_500,
  }),
  vote('left to a human', {
    fitBps: 4_000,
    barVolume: null,
    averageTrueRangeBps: 501,
    confidenceBps: 5_499,
  }),
  vote('too little', {
    fitBps: 4_000,
    averageTrueRangeBps: 501,
    target: price.of('120'),
    confidenceBps: 5_499,
    contextMoveBps: null,
    barVolume: null,
  }),
];

/** What risk-5 sees beside what the policies before it saw. */
const ago = (milliseconds: number, ended = false): Given['account'] => ({
  sameTerms: { at: noon.subtract({ milliseconds }), ended },
});
const owed = (shares: number, rest: Partial<AssessedAccount> = {}): Given => ({
  limits: marginLimits,
  account: { positions: [held(nvda, -shares, '120')], ...rest },
  facts: { marks: [markAt(nvda, '120')], borrow: borrow(20) },
});
/** Ten shares more sold short at a quote, with so many owed already at so much. */
const lowShort = (mark: string, cash: string, rest: Partial<Reservation> = {}) => ({
  intent: short(10, { stopPrice: price.of('1000') }),
  limits: marginLimits,
  facts: {
    quote: quoteOf(nvda, `${mark}/${mark}`),
    marks: [markAt(msft, mark)],
    borrow: borrow(1_000),
  },
  account: {
    cash: money.of(cash),
    positions: [held(msft, -10, mark)],
    reservations: [working({ side: 'sell_short', reservedCash: money.of('30'), ...rest })],
  },
});
const ownPair = offered({ leavesQuantity: quantity.fromShares(10), exitOf });

const sinceRisk5: readonly PolicyCase[] = [
  ...[29_999, 30_000].map((milliseconds) =>
    caseOf('DUPLICATE_ORDER', `the same terms ${milliseconds} ms before`, {
      account: ago(milliseconds),
    }),
  ),
  caseOf('DUPLICATE_ORDER', 'the same terms, canceled, and new risk', { account: ago(1, true) }),
  caseOf('DUPLICATE_ORDER', 'the same terms, canceled, and an exit', {
    ...exit,
    account: { ...exit.account, ...ago(1, true) },
  }),
  caseOf('DUPLICATE_ORDER', 'the same terms, working, and an exit', {
    ...exit,
    account: { ...exit.account, ...ago(1) },
  }),
  caseOf('LOSS_COOLDOWN', 'two positions closed at a loss', {
    account: { closedLosses: { count: 2, lastLossAt: noon } },
  }),
  caseOf('LOSS_COOLDOWN', 'three positions, and nobody knows when', {
    account: { closedLosses: { count: 3, lastLossAt: null } },
  }),
  ...[29, 30].map((minutes) =>
    caseOf('LOSS_COOLDOWN', `three positions, the last ${minutes} minutes ago`, {
      account: { closedLosses: { count: 3, lastLossAt: noon.subtract({ minutes }) } },
    }),
  ),
  ...[10, 11].map((shares) =>
    caseOf('REGULATORY_PRE_ORDER', `${shares} shares beside ten borrowed, of twenty`, {
      ...owed(10),
      intent: short(shares),
    }),
  ),
  caseOf('REGULATORY_PRE_ORDER', 'six shares beside ten borrowed and five on order, of twenty', {
    ...owed(10, {
      reservations: [working({ side: 'sell_short', leavesQuantity: quantity.fromShares(5) })],
    }),
    intent: short(6),
  }),
  caseOf('CREDIT_THRESHOLD', 'a short sale at 2, which takes 2.50 a share', lowShort('2', '200')),
  caseOf('CREDIT_THRESHOLD', 'a short sale at 4, which takes all of it', lowShort('4', '200')),
  caseOf('CREDIT_THRESHOLD', 'a short sale at 4, with a cent too little', lowShort('4', '136.2')),
  caseOf('CREDIT_THRESHOLD', 'a short sale at 6, which takes 5', lowShort('6', '200')),
  caseOf('CREDIT_THRESHOLD', 'a short sale beside one that sets nothing aside', {
    ...lowShort('4', '200', { reservedCash: money.zero }),
  }),
  caseOf('CREDIT_THRESHOLD', 'a buy beside shares owed at 4', {
    ...lowShort('4', '200'),
    intent: buy(10, { stopPrice: price.of('1') }),
  }),
  caseOf('SHORT_SALE', 'one of two exits, which takes new terms', {
    ...exit,
    account: { ...exit.account, reservations: [ownPair], exitOf },
  }),
  caseOf('SHORT_SALE', 'an exit beside a pair that is not its own', {
    ...exit,
    account: { ...exit.account, reservations: [ownPair] },
  }),
];

/** A holding of ten without a quote, with its last trade and, where told, other terms of the way out. */
const silent = (
  lastTrade: RiskFacts['lastTrade'],
  { facts, ...rest }: Given = {},
): Given & { readonly intent: OrderIntent } => ({
  ...long(10),
  intent: sell(10),
  facts: { ...long(10).facts, ...noQuote, lastTrade, ...facts },
  ...rest,
});
const opens = Temporal.Instant.from('2026-03-02T14:30:00Z');
const traded = (at: Temporal.Instant, ended: boolean) => ({ price: price.of('100'), at, ended });
const dayBefore = traded(opens.subtract({ hours: 18 }), false);
const hadEnded = traded(opens.add({ minutes: 20 }), true);
const always = { ...session, opensAt: null, closesAt: null };

/** What risk-6 sees beside what the policies before it saw. */
const sinceRisk6: readonly PolicyCase[] = [
  caseOf('STALE_DATA', 'no trade ever', silent(null)),
  caseOf('STALE_DATA', 'new risk in what has ended', {
    ...silent(hadEnded),
    ...{ intent: buy(10), account: {} },
  }),
  caseOf('STALE_DATA', 'an exit from what has ended', silent(hadEnded)),
  caseOf('STALE_DATA', 'an exit from what traded today and has no quote', {
    ...silent({ ...hadEnded, ended: false }),
  }),
  caseOf('STALE_DATA', 'an exit from what has not traded since the day before', silent(dayBefore)),
  ...[59_999, 60_000].map((milliseconds) =>
    caseOf('STALE_DATA', `an exit without a print for ${milliseconds} ms since the opening`, {
      ...silent(dayBefore, { facts: { at: opens.add({ milliseconds }) } }),
    }),
  ),
  ...[4_999, 5_000].map((milliseconds): PolicyCase => {
    const given = silent(dayBefore, { facts: { at: opens.add({ milliseconds }) } });
    return lacking('STALE_DATA', 'guard', given, `${milliseconds} ms after the opening`);
  }),
  caseOf('STALE_DATA', 'an exit from what never closes and has not traded today', {
    ...silent(traded(opens.subtract({ hours: 48 }), false), { facts: { session: always } }),
  }),
  caseOf('STALE_DATA', 'an exit that waits for a stop, from what has ended', {
    ...silent(hadEnded),
    intent: sell(10, { orderType: 'stop', triggerPrice: price.of('90') }),
  }),
  caseOf('STALE_DATA', 'an exit that must trade at once, from what has ended', {
    ...silent(hadEnded),
    intent: sell(10, { timeInForce: 'ioc' }),
  }),
  caseOf('STALE_DATA', 'a pair of exits from what has ended', {
    ...silent(hadEnded),
    intent: sell(10, {
      ...{ orderType: 'limit', limitPrice: price.of('101') },
      exits: { takeProfit: null, stopLoss: price.of('90') },
    }),
  }),
  ...(['99', '90'] as const).map((limitPrice) =>
    caseOf('PRICE_COLLAR', `an exit at ${limitPrice} from what has ended at 100`, {
      ...silent(hadEnded),
      intent: sell(10, { orderType: 'limit', limitPrice: price.of(limitPrice) }),
    }),
  ),
  caseOf('PRICE_COLLAR', 'an exit from what traded today and has no quote', {
    ...silent({ ...hadEnded, ended: false }),
  }),
  caseOf('LOSS_COOLDOWN', 'three positions, of which a bust has undone one', {
    account: {
      closedLosses: { count: 3, lastLossAt: noon },
      standingLosses: { count: 2, lastLossAt: noon },
    },
  }),
  caseOf('LOSS_COOLDOWN', 'three positions that stand', {
    account: { standingLosses: { count: 3, lastLossAt: noon } },
  }),
];

const human = (rest: Partial<NonNullable<RiskFacts['human']>> = {}) => ({
  human: { wanted: false, approval: null, ...rest },
});
const approval: NonNullable<RiskFacts['human']>['approval'] = {
  requestId: '01890000-0000-7000-8000-0000000000cc' as NonNullable<
    NonNullable<RiskFacts['human']>['approval']
  >['requestId'],
  requestDigest: digest,
  approvedBy: 'operator-key:1f2e3d4c5b6a',
  at: noon,
};
const above = (dollars: string) => ({ limits: { approval: { aboveValue: money.of(dollars) } } });

const sinceRisk7: readonly PolicyCase[] = [
  caseOf('HUMAN_APPROVAL', 'no threshold'),
  caseOf('HUMAN_APPROVAL', 'no threshold, and nobody wanted', { facts: human() }),
  caseOf('HUMAN_APPROVAL', 'wanted', { facts: human({ wanted: true }) }),
  caseOf('HUMAN_APPROVAL', 'wanted and given', { facts: human({ wanted: true, approval }) }),
  caseOf('HUMAN_APPROVAL', 'every order', above('0')),
  caseOf('HUMAN_APPROVAL', 'every order, and given', { ...above('0'), facts: human({ approval }) }),
  caseOf('HUMAN_APPROVAL', 'below the threshold', above('2000')),
  caseOf('HUMAN_APPROVAL', 'every order, and an exit', { ...above('0'), ...exit }),
  caseOf('HUMAN_APPROVAL', 'an exit, and wanted', { ...exit, facts: human({ wanted: true }) }),
  caseOf('HUMAN_APPROVAL', 'without a quote', { ...above('0'), facts: { quote: null } }),
  caseOf('HUMAN_APPROVAL', 'without a quote, and wanted', {
    facts: { quote: null, ...human({ wanted: true }) },
  }),
  caseOf(
    'COMMITTEE',
    'left to a human, who has said yes',
    signalled({ tradeabilityBps: 3_499 }, { facts: human({ approval }) }),
  ),
  caseOf(
    'COMMITTEE',
    'left to a human, who was wanted and has not answered',
    signalled({ tradeabilityBps: 3_499 }, { facts: human({ wanted: true }) }),
  ),
];

const grantOf = (...of: Parameters<typeof grantFact>) => ({ grant: grantFact(...of) });
const granted = (
  name: string,
  facts: { readonly grant: RiskFacts['grant'] },
  rest: Given = {},
): PolicyCase => caseOf('AUTHORISED', name, { ...rest, facts: { ...facts, ...rest.facts } });
const dollars = (text: string) => money.of(text);
const other = ['MSFT' as OrderIntent['symbol']];
const both = { maxOrderValue: dollars('2000'), maxDayValue: dollars('3000') };
const placed = (text: string) => ({ account: { grantedToday: dollars(text) } });

const sinceRisk8: readonly PolicyCase[] = [
  caseOf('AUTHORISED', 'who needs no grant'),
  granted('who needs one and has none', { grant: null }),
  granted('an exit of who has none', { grant: null }, exit),
  granted('without limits', grantOf()),
  granted('revoked', grantOf({}, { standing: 'revoked' })),
  granted('an exit by one that was revoked', grantOf({}, { standing: 'revoked' }), exit),
  granted('a moment before its end', grantOf({ expiresAt: noon.add({ milliseconds: 1 }) })),
  granted('at its end', grantOf({ expiresAt: noon })),
  granted('an exit after its end', grantOf({ expiresAt: noon.subtract({ hours: 1 }) }), exit),
  granted('an order of who may propose', grantOf({ abilities: ['look', 'propose'] })),
  granted('a proposal of who may trade', grantOf({}, { asks: 'propose' })),
  granted('a proposal', grantOf({ abilities: ['propose'] }, { asks: 'propose' })),
  granted('its symbol among others', grantOf({ symbols: [...other, buy(1).symbol] })),
  granted('another symbol', grantOf({ symbols: other })),
  granted('an exit of another symbol', grantOf({ symbols: other }), exit),
  granted('an order as large as it may be', grantOf({ maxOrderValue: dollars('1200') })),
  granted('an order that is larger', grantOf({ maxOrderValue: dollars('1199.99') })),
  granted('an exit above all its values', grantOf({ maxOrderValue: money.zero }), exit),
  granted('a day without orders before', grantOf({ maxDayValue: dollars('1200') })),
  granted('a day that is full with this', grantOf(both), placed('1800')),
  granted('a day that is more than full', grantOf(both), placed('1800.01')),
  granted(
    'a day with room, and an order too large',
    grantOf({ ...both, maxOrderValue: dollars('9') }),
  ),
  granted('a limit of value without a quote', grantOf(both), { facts: { quote: null } }),
];

export const policyCases: readonly PolicyCase[] = [
  ...permissions,
  ...positions,
  ...market,
  ...size,
  ...account,
  ...committee,
  ...sinceRisk5,
  ...sinceRisk6,
  ...sinceRisk7,
  ...sinceRisk8,
];
