import { accepted, money, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { BoundBars, MarketBinding } from '@sentinel/contracts/risk';
import type { ControlCommand, ControlRefusal } from './commands.ts';
import { accountOf, type ControlEvent, type ControlState } from './state.ts';

type Decision = Outcome<readonly ControlEvent[], ControlRefusal>;
type CommandOf<Type extends ControlCommand['type']> = Extract<ControlCommand, { type: Type }>;

const anotherLog =
  'begin another log with another SENTINEL_DATA_DIR, with another DATABASE_URL where one is set, or in EventStoreDB with another EVENTSTORE_STREAM_PREFIX';

/** What differs first, by its setting: one that stands in the log and one that is asked for. */
type Difference = {
  readonly code: ControlRefusal;
  readonly what: string;
  readonly bound: string;
  readonly asked: string;
  readonly setting: string;
};

const otherThanBound = ({ code, what, bound, asked, setting }: Difference): Decision =>
  refused(
    code,
    `This log is bound to the ${what} ${bound}, and this start asks for ${asked}`,
    `set ${setting}=${bound} again, or ${anotherLog}`,
  );

const short = ({ count, until, digest }: BoundBars): string =>
  `${count} bars until ${until} (${digest.slice(0, 12)}…)`;

/** Bars that are bound must be there as they were; what came at the end, or of new symbols, may come. */
const otherBars = (
  { bars }: MarketBinding,
  asBound: readonly BoundBars[],
): Decision | undefined => {
  for (const bound of bars ?? []) {
    const now = asBound.find(({ symbol }) => symbol === bound.symbol);
    if (now?.count === bound.count && now.digest === bound.digest) continue;
    return refused(
      'OTHER_BARS',
      `This log is bound to ${bound.symbol} of ${short(bound)}, and the folder of bars holds ${now === undefined ? 'none of it' : `${short(now)} in their place`}`,
      `put the bars, splits.csv and dividends.csv back as they were, or ${anotherLog}`,
    );
  }
  return undefined;
};

const hasMore = ({ bars }: MarketBinding, wanted: MarketBinding): boolean =>
  (wanted.bars ?? []).some(
    ({ symbol, count }) => count > (bars?.find((each) => each.symbol === symbol)?.count ?? 0),
  );

/** Binds a log to its market when it begins; every later start must be on the same. */
export const bindMarket = (
  { market, asBound, at }: CommandOf<'BindMarket'>,
  { market: bound }: ControlState,
): Decision => {
  const binds = accepted([{ type: 'MarketBound', data: { ...market, at } } as const]);
  if (bound === null) return binds;
  if (bound.provider !== market.provider)
    return otherThanBound({
      code: 'OTHER_PROVIDER',
      what: 'market data provider',
      bound: bound.provider,
      asked: market.provider,
      setting: 'MARKET_DATA_PROVIDER',
    });
  if (bound.calendar !== market.calendar)
    return otherThanBound({
      code: 'OTHER_CALENDAR',
      what: 'calendar',
      bound: bound.calendar,
      asked: market.calendar,
      setting: 'HISTORICAL_CALENDAR',
    });
  if (bound.seed !== market.seed)
    return otherThanBound({
      code: 'OTHER_SEED',
      what: 'seed',
      bound: `${bound.seed}`,
      asked: `${market.seed}`,
      setting: 'MARKET_SEED',
    });
  return otherBars(bound, asBound) ?? (hasMore(bound, market) ? binds : accepted([]));
};

/** Binds an account to what it begins with, each account to its own. */
export const bindAccount = (
  { binding, at }: CommandOf<'BindAccount'>,
  state: ControlState,
): Decision => {
  const { bound } = accountOf(state, binding.account);
  if (bound === null)
    return accepted([{ type: 'AccountBound', data: { ...binding, at } } as const]);
  if (bound.accountType !== binding.accountType)
    return otherThanBound({
      code: 'OTHER_ACCOUNT_TYPE',
      what: `type of the account ${binding.account},`,
      bound: bound.accountType,
      asked: binding.accountType,
      setting: 'PAPER_ACCOUNT_TYPE',
    });
  if (bound.startingCash !== binding.startingCash)
    return otherThanBound({
      code: 'OTHER_STARTING_CASH',
      what: `starting cash of the account ${binding.account},`,
      bound: money.format(bound.startingCash),
      asked: money.format(binding.startingCash),
      setting: 'PAPER_STARTING_CASH',
    });
  return accepted([]);
};
