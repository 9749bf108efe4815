import { millisecondsBetween } from '@sentinel/contracts/kernel';
import { type Check, measured } from './check.ts';

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
