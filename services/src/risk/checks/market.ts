import { divide, formatDecimal, millisecondsBetween, quantity } from '@sentinel/contracts/kernel';
import type { Quote } from '@sentinel/contracts/market';
import type { AssessedAccount } from '@sentinel/contracts/risk';
import { type Check, measured, notApplicable, skipped } from './check.ts';
import { closesAt, lastPriceOf } from './last-price.ts';

const perSecond = 1000;
const secondsPerMinute = 60;

export const staleData: Check = {
  hard: true,
  unit: 'ms',
  judgesReducing: true,
  find: ({ facts, limits, intent }) => {
    const limit = `${limits.maxQuoteAgeMs}`;
    if (facts.quote === null) return skipped(`There is no quote for ${intent.symbol}.`, limit);
    const { bid, ask, at } = facts.quote;
    const age = Math.abs(millisecondsBetween(at, facts.at));
    if (bid <= 0n || ask < bid)
      return measured(false, { value: `${age}`, limit }, 'The quote is crossed or has no price.');
    return measured(
      age <= limits.maxQuoteAgeMs,
      { value: `${age}`, limit },
      `The quote is ${age} ms old.`,
    );
  },
};

/** Since risk-6: what is held and not traded by anybody may be closed at its last price. */
export const staleDataOrLast: Check = {
  ...staleData,
  find: (input) => {
    const { facts, limits } = input;
    if (facts.lastTrade === undefined) return staleData.find(input);
    const last = lastPriceOf(input);
    return 'price' in last
      ? notApplicable(closesAt(last.price, input))
      : skipped(last.why, `${limits.maxQuoteAgeMs}`);
  },
};

export const tradingHours: Check = {
  hard: true,
  unit: 'instant',
  judgesReducing: true,
  find: ({ facts, limits, reducing }) => {
    const { state, closesAt } = facts.session;
    if (state === 'closed')
      return measured(
        false,
        { value: facts.at.toString(), limit: 'in session' },
        'The market is closed.',
      );
    if (closesAt === null)
      return measured(
        true,
        { value: facts.at.toString(), limit: 'in session' },
        'This market never closes.',
      );
    const last = closesAt.subtract({ minutes: reducing ? 0 : limits.closingWindowMinutes });
    return measured(
      Temporal.Instant.compare(facts.at, last) < 0,
      { value: facts.at.toString(), limit: last.toString() },
      `Orders are taken until ${last} today, exits until ${closesAt}.`,
    );
  },
};

/** Spread in hundredths of a basis point of the mid, rounded up. */
const spreadHundredths = ({ bid, ask }: Quote): bigint =>
  divide((ask - bid) * 2_000_000n, ask + bid, 'up');
const asBps = (hundredths: bigint): string => formatDecimal(hundredths, 2);

export const spread: Check = {
  hard: true,
  unit: 'bps',
  judgesReducing: false,
  find: ({ facts, limits }) => {
    const limit = `${limits.maxSpreadBps}`;
    if (facts.quote === null) return skipped('There is no quote to measure a spread by.', limit);
    const value = spreadHundredths(facts.quote);
    return measured(
      value <= BigInt(limits.maxSpreadBps) * 100n,
      { value: asBps(value), limit },
      `The spread is ${asBps(value)} bps of the mid.`,
    );
  },
};

export const liquidity: Check = {
  hard: true,
  unit: 'shares',
  judgesReducing: false,
  find: ({ intent, facts, limits }) => {
    if (facts.averageDailyVolume === null) return skipped('Average daily volume is not known.');
    const volume = facts.averageDailyVolume.value;
    const minimum = limits.minAverageDailyVolume;
    if (volume < minimum) {
      return measured(
        false,
        { value: quantity.format(volume), limit: quantity.format(minimum) },
        `An average of ${quantity.format(volume)} shares a day is below ${quantity.format(minimum)}.`,
      );
    }
    const most = divide(
      volume * BigInt(limits.maxOrderVolumeBps),
      10_000n,
      'down',
    ) as typeof volume;
    return measured(
      intent.quantity <= most,
      { value: quantity.format(intent.quantity), limit: quantity.format(most) },
      `At most ${quantity.format(most)} shares, ${limits.maxOrderVolumeBps} bps of the average day.`,
    );
  },
};

/** Impact of a share of the day's volume: one basis point for each tenth of a per cent, linear. */
const impactBpsPerVolumeShare = 1000n;

export const slippage: Check = {
  hard: false,
  unit: 'bps',
  judgesReducing: false,
  find: ({ intent, facts, limits }) => {
    const limit = `${limits.maxSlippageBps}`;
    if (facts.quote === null || facts.averageDailyVolume === null)
      return skipped('Spread or volume is not known.', limit);
    if (facts.averageDailyVolume.value <= 0n) return notApplicable('The symbol does not trade.');
    const cross = divide(
      spreadHundredths(facts.quote),
      intent.orderType === 'limit' ? 2n : 1n,
      'up',
    );
    const impact = divide(
      intent.quantity * impactBpsPerVolumeShare * 100n,
      facts.averageDailyVolume.value,
      'up',
    );
    const value = cross + impact;
    return measured(
      value <= BigInt(limits.maxSlippageBps) * 100n,
      { value: asBps(value), limit },
      `Crossing the spread and impact are estimated at ${asBps(value)} bps.`,
    );
  },
};

type Streak = AssessedAccount['lossStreak'];
const noStreak: Streak = { count: 0, lastLossAt: null };

const cooldown = (streakOf: (account: AssessedAccount) => Streak): Check => ({
  hard: false,
  unit: 'count',
  judgesReducing: false,
  find: ({ facts, limits, account }) => {
    const { count, lastLossAt } = streakOf(account);
    const limit = `${limits.lossCooldownCount}`;
    if (count < limits.lossCooldownCount)
      return measured(true, { value: `${count}`, limit }, `${count} loss(es) in a row.`);
    if (lastLossAt === null)
      return measured(false, { value: `${count}`, limit }, 'A losing streak without a known end.');
    const minutes = Math.floor(
      millisecondsBetween(lastLossAt, facts.at) / perSecond / secondsPerMinute,
    );
    return measured(
      minutes >= limits.lossCooldownMinutes,
      { value: `${count}`, limit },
      `${count} losses in a row, the last ${minutes} min ago; wait ${limits.lossCooldownMinutes}.`,
    );
  },
});

export const lossCooldown: Check = cooldown(({ lossStreak }) => lossStreak);
/** Since risk-5: a position counts once, however many executions closed it. */
export const closedLossCooldown: Check = cooldown(({ closedLosses }) => closedLosses ?? noStreak);
/** Since risk-6: a closing that a bust has undone counts no more. */
export const standingLossCooldown: Check = cooldown(
  ({ standingLosses, closedLosses }) => standingLosses ?? closedLosses ?? noStreak,
);
