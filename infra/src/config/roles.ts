import { z } from 'zod';

/** What a process can do. Any number of gateways; the others are at work in one process at a time. */
export const roles = ['gateway', 'projector', 'venue'] as const;
export type Role = (typeof roles)[number];

export const rolesOf = z.string().transform((text, context): readonly Role[] => {
  const given = new Set(text.split(',').map((each) => each.trim()));
  const known = roles.filter((role) => given.delete(role));
  if (known.length > 0 && given.size === 0) return known;
  const message = `must be some of ${roles.join(', ')}, parted by commas`;
  context.issues.push({ code: 'custom', input: text, message });
  return z.NEVER;
});

type Placed = {
  readonly SENTINEL_ROLES: readonly Role[];
  readonly EVENTSTORE_URL?: string | undefined;
  readonly DATABASE_URL?: string | undefined;
  readonly MARKET_DATA_PROVIDER: string;
};

/** Why two replays on one log would not see each other; undefined where they would. */
export const whyNotSeen = (config: Placed): string | undefined =>
  config.MARKET_DATA_PROVIDER === 'historical' &&
  config.EVENTSTORE_URL !== undefined &&
  config.DATABASE_URL === undefined
    ? 'must be set when MARKET_DATA_PROVIDER is historical and EVENTSTORE_URL is set: in it one replay sees that another is on the log'
    : undefined;

/** Why the roles of a process cannot be run apart with its other settings; undefined where they can. */
export const whyNotApart = (config: Placed): string | undefined => {
  if (config.SENTINEL_ROLES.length === roles.length) return undefined;
  if (config.EVENTSTORE_URL === undefined || config.DATABASE_URL === undefined)
    return 'must be all of them unless EVENTSTORE_URL and DATABASE_URL are set: the embedded stores admit one process';
  if (config.MARKET_DATA_PROVIDER === 'historical')
    return 'must be all of them when MARKET_DATA_PROVIDER is historical: each process would have a clock of its own';
  return undefined;
};
