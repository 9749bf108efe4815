import { SharedStateUnavailable } from '@sentinel/contracts/kernel';
import { type Log, newId } from '../../runtime/index.ts';
import { openClients } from './clients.ts';
import { type Condition, conditionOf, deaf, gone } from './condition.ts';
import type { RedisAddress } from './redis-address.ts';
import { scripts } from './scripts.ts';
import { type Trouble, troubleOf } from './trouble.ts';

export type LinkOptions = {
  readonly address: RedisAddress;
  /** What every key and channel of ours begins with. */
  readonly prefix: string;
  readonly log: Log;
  /** How long a call waits for its answer. */
  readonly answerMs: number;
  /** How often the server is tried, by a write. */
  readonly lookMs: number;
};

type ScriptCall = {
  readonly keys: readonly string[];
  readonly given: readonly (string | number)[];
};

export type Link = Pick<Condition, 'trouble' | 'marked' | 'lostForMs'> & {
  /** @throws SharedStateUnavailable */
  readonly run: (script: keyof typeof scripts, call: ScriptCall) => Promise<unknown>;
  readonly publish: (channel: string, text: string) => void;
  readonly close: () => void;
};

type Clients = Awaited<ReturnType<typeof openClients>>;
type Hear = (channel: string, text: string) => void;

const evaluate = (
  { asking }: Clients,
  script: keyof typeof scripts,
  { keys, given }: ScriptCall,
): Promise<unknown> => asking.eval(scripts[script], keys.length, ...keys, ...given);

/** How the library ends what waits on a connection that closes. */
const isClosing = (error: unknown): boolean =>
  error instanceof Error &&
  (error.name === 'MaxRetriesPerRequestError' || error.message === 'Connection is closed.');

/** Which run of the server answers; undefined where it does not say. */
const runOf = async ({ asking }: Clients): Promise<string | undefined> =>
  /^run_id:(\w+)/m.exec(await asking.info('server'))?.[1];

/** Keeps both connections, and what is known of the server, in step until they are closed. */
const watch = (clients: Clients, condition: Condition, options: LinkOptions & { hear: Hear }) => {
  const { asking, hearing } = clients;
  const { prefix, lookMs, hear } = options;
  const [asks, listens] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  let hears = false;
  let gaveUp: Trouble | undefined;

  const failed = (error: unknown): Trouble => {
    // What waited on a connection that we gave up ends for the reason that we had.
    const found = (isClosing(error) ? gaveUp : undefined) ?? troubleOf(error);
    condition.turn(found);
    for (const client of [asking, hearing])
      if (found.needsNewConnection && client.status === 'ready') {
        gaveUp = found;
        client.disconnect(true);
      }
    return found;
  };
  /** A write, like every count, and a word to the connection that hears. */
  const look = async (): Promise<void> => {
    const keys = [`${prefix}look`, `${prefix}mark`];
    const answer = await evaluate(clients, 'count', { keys, given: [1, lookMs, newId()] });
    if (Array.isArray(answer)) condition.marked(answer[2]);
    if (hearing.status === 'ready') await hearing.ping();
    condition.turn(hears ? undefined : deaf);
  };
  const lookNow = async (): Promise<void> => {
    if (asking.status === 'ready') await look().catch(failed);
  };
  const greet = async (): Promise<void> => {
    condition.ranBy(await runOf(clients));
    await look();
  };

  asking.on('ready', () => {
    gaveUp = undefined;
    void greet().catch(failed).finally(asks.resolve);
  });
  asking.on('close', () => {
    if (condition.trouble() === undefined) condition.turn(gone);
    asks.resolve();
  });
  hearing.on('ready', () => {
    const subscribed = hearing.psubscribe(`${prefix}*`).then(() => {
      hears = true;
    });
    void subscribed.then(lookNow, failed).finally(listens.resolve);
  });
  hearing.on('close', () => {
    hears = false;
    listens.resolve();
  });
  hearing.on('pmessage', (_pattern: string, channel: string, text: string) => hear(channel, text));
  for (const client of [asking, hearing]) {
    client.on('error', failed);
    // A first attempt that fails is told by the event; another follows by itself.
    client.connect().catch(() => undefined);
  }
  const looking = setInterval(() => void lookNow(), lookMs);
  looking.unref();
  const first = Promise.all([asks.promise, listens.promise]);
  return { first, failed, stop: () => clearInterval(looking) };
};

/** Connects, and answers when it is known whether that goes. `hear` is given what others publish. */
export const openLink = async (options: LinkOptions, hear: Hear): Promise<Link> => {
  const { address, log } = options;
  const where = `Redis at ${address.shown}`;
  const condition = conditionOf(where, log);
  const clients = await openClients(address, options);
  let closed = false;
  const watching = watch(clients, condition, {
    ...options,
    hear: (channel, text) => {
      if (!closed) hear(channel, text);
    },
  });
  await watching.first;
  const unavailable = ({ words }: Trouble) => new SharedStateUnavailable(`${where} ${words}`);

  return {
    ...condition,
    run: async (script, call) => {
      if (clients.asking.status !== 'ready') throw unavailable(condition.trouble() ?? gone);
      // The error itself goes no further: it holds the command.
      const answer = await evaluate(clients, script, call).then(
        (value) => ({ value }),
        (error: unknown) => ({ trouble: watching.failed(error) }),
      );
      if ('trouble' in answer) throw unavailable(answer.trouble);
      return answer.value;
    },
    publish: (channel, text) => {
      if (clients.asking.status === 'ready')
        clients.asking.publish(channel, text).catch(watching.failed);
    },
    close: () => {
      closed = true;
      condition.end();
      watching.stop();
      clients.asking.disconnect();
      clients.hearing.disconnect();
    },
  };
};
