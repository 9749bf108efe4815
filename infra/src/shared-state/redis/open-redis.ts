import { type SharedState, SharedStateUnavailable } from '@sentinel/contracts/kernel';
import { type Log, newId, StartupError } from '../../runtime/index.ts';
import { listeners } from '../listeners.ts';
import { type LinkOptions, openLink } from './link.ts';
import { readRedisAddress } from './redis-address.ts';

export type RedisOptions = Partial<Pick<LinkOptions, 'answerMs' | 'lookMs'>> & {
  /** As in REDIS_URL. */
  readonly url: string;
  /** What every key and channel of ours begins with, since a server may be shared: a-z, 0-9, _ and dots. */
  readonly prefix: string;
  readonly log: Log;
};

/** An order waits so long at the most. */
const usualAnswerMs = 1_000;
const usualLookMs = 1_000;
/** Tokens of so many leases are remembered. */
const mostNames = 1_000;

/**
 * What gateways share, in a Redis. One that is away is no reason not to start: it is looked for until it
 * comes. @throws StartupError for an address, a password or a certificate that will not do
 */
export const openRedis = async (options: RedisOptions): Promise<SharedState> => {
  const { prefix, log, answerMs = usualAnswerMs, lookMs = usualLookMs } = options;
  const address = readRedisAddress(options.url);
  const heard = listeners();
  const channelOf = (topic: string) => `${prefix}notice.${topic}`;
  const link = await openLink({ address, prefix, log, answerMs, lookMs }, (channel, text) =>
    heard.tell(channel, text),
  );
  const where = `Redis at ${address.shown}`;
  const trouble = link.trouble();
  if (trouble?.isMisconfigured === true) {
    link.close();
    throw new StartupError(
      `${where} ${trouble.words}: correct REDIS_URL or the server, and start again.`,
      { code: 'redis-unusable' },
    );
  }
  return {
    where,
    problem: () => {
      const now = link.trouble();
      return now === undefined ? undefined : `${where} ${now.words}`;
    },
    ...counting({ link, prefix, where }),
    ...leasing({ link, prefix }),
    tell: (topic, text) => link.publish(channelOf(topic), text),
    listen: (topic, hear) => heard.listen(channelOf(topic), hear),
    close: async () => link.close(),
  };
};

type Linked = { readonly link: Awaited<ReturnType<typeof openLink>>; readonly prefix: string };

const counting = ({
  link,
  prefix,
  where,
}: Linked & { readonly where: string }): Pick<SharedState, 'count'> => ({
  count: async (name, { by, windowMs }) => {
    const keys = [`${prefix}count.${name}`, `${prefix}mark`];
    const answer = await link.run('count', { keys, given: [by, windowMs, newId()] });
    const [total, endsInMs, mark] = answer as readonly [number, number, string];
    link.marked(mark);
    const lostMs = link.lostForMs();
    if (lostMs !== undefined && lostMs < windowMs)
      throw new SharedStateUnavailable(
        `${where} has lost its data ${Math.ceil(lostMs)} ms ago, and counts are whole again after ${windowMs} ms`,
      );
    return { total, endsInMs };
  },
});

const leasing = ({ link, prefix }: Linked): Pick<SharedState, 'acquire' | 'renew' | 'release'> => {
  const seen = new Map<string, bigint>();
  const keyOf = (name: string) => `${prefix}lease.${name}`;
  return {
    acquire: async (name, owner, ttlMs) => {
      const keys = [keyOf(name), `${prefix}token.${name}`];
      const given = [owner, ttlMs, `${seen.get(name) ?? 0n}`];
      const answer = await link.run('acquire', { keys, given });
      if (typeof answer !== 'string') return undefined;
      const token = BigInt(answer);
      seen.delete(name);
      seen.set(name, token);
      const [oldest] = seen.keys();
      if (seen.size > mostNames && oldest !== undefined) seen.delete(oldest);
      return { token };
    },
    renew: async (name, token, ttlMs) =>
      (await link.run('renew', { keys: [keyOf(name)], given: [`${token}`, ttlMs] })) === 1,
    release: async (name, token) => {
      await link.run('release', { keys: [keyOf(name)], given: [`${token}`] });
    },
  };
};
