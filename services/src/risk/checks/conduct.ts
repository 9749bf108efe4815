import { millisecondsBetween } from '@sentinel/contracts/kernel';
import { type Check, measured, notApplicable, skipped } from './check.ts';

export const maxMessages: Check = {
  hard: true,
  unit: 'count',
  judgesReducing: true,
  find: ({ limits, account }) => {
    const windows = [
      { count: account.messages.lastSecond + 1, limit: limits.maxMessagesPerSecond, of: 'second' },
      { count: account.messages.lastMinute + 1, limit: limits.maxMessagesPerMinute, of: 'minute' },
      { count: account.messages.today + 1, limit: limits.maxMessagesPerDay, of: 'session' },
    ];
    const worst = windows.reduce((a, b) => (b.limit - b.count < a.limit - a.count ? b : a));
    return measured(
      worst.count <= worst.limit,
      { value: `${worst.count}`, limit: `${worst.limit}` },
      `With this one, ${worst.count} order message(s) in the ${worst.of}.`,
    );
  },
};

export const duplicateOrder: Check = {
  hard: true,
  unit: 'ms',
  judgesReducing: true,
  find: ({ facts, limits, account }) => {
    const limit = `${limits.duplicateWindowMs}`;
    if (account.sameOrderAt === null)
      return measured(true, { value: 'none', limit }, 'No such order was submitted before.');
    const since = millisecondsBetween(account.sameOrderAt, facts.at);
    return measured(
      since >= limits.duplicateWindowMs,
      { value: `${since}`, limit },
      `The same symbol, side, quantity and price was submitted ${since} ms ago; give an idempotency_key to repeat a call safely.`,
    );
  },
};

/**
 * An order with the very same terms as one before it, shortly after it: everything that the venue sees
 * counts. One that gets out of a position may follow a twin that ended before it was filled.
 */
export const duplicateTerms: Check = {
  hard: true,
  unit: 'ms',
  judgesReducing: true,
  find: ({ facts, limits, account, reducing }) => {
    const limit = `${limits.duplicateWindowMs}`;
    if (account.sameTerms === undefined)
      return measured(true, { value: 'none', limit }, 'No order of these terms was submitted.');
    const { at, ended } = account.sameTerms;
    const since = millisecondsBetween(at, facts.at);
    const left = limits.duplicateWindowMs - since;
    return measured(
      left <= 0 || (reducing && ended),
      { value: reducing && ended ? 'ended' : `${since}`, limit },
      `An order of the same terms was submitted ${since} ms ago. One more is taken after ${limits.duplicateWindowMs} ms; to repeat a call safely, give it the idempotency_key of the first.`,
    );
  },
};

/**
 * How often one strategy has traded one symbol on one side (RTS 6, article 15(3)). Once it fails the
 * strategy is halted, until a human releases it.
 */
export const repeatedExecution: Check = {
  hard: true,
  unit: 'count',
  judgesReducing: false,
  find: ({ intent, limits, account }) => {
    const rule = limits.repeatedExecution;
    if (intent.strategyId === null) return notApplicable('The order names no strategy.');
    if (rule === undefined) return notApplicable('The limits in force say nothing of it.');
    if (account.executions === undefined)
      return skipped('How often the strategy has traded is not known.', `${rule.perWindow}`);
    const { inWindow, today } = account.executions;
    const ofDay = today + 1 > rule.perDay;
    const [count, limit] = ofDay ? [today + 1, rule.perDay] : [inWindow + 1, rule.perWindow];
    return measured(
      count <= limit,
      { value: `${count}`, limit: `${limit}` },
      `With this one, ${count} order(s) of ${intent.strategyId} in ${intent.symbol} on this side ${ofDay ? 'today' : `in ${rule.windowMinutes} minutes`}.`,
    );
  },
};
