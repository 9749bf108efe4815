import type { IncomingMessage } from 'node:http';
import {
  boundedCache,
  type SharedState,
  SharedStateUnavailable,
  type Timer,
} from '@sentinel/contracts/kernel';
import type { Principal } from '../auth/index.ts';
import { credentialOf } from './credential-of.ts';
import { addsNothing, messagesIn, onlyGetsOut } from './gets-out.ts';
import { BatchTooLong, NotCounted, TooMany } from './too-many.ts';
import { type Answering, turns } from './turns.ts';

/** Thirty a second over ten seconds: more than any agent thinks, and less than a loop that ran away. */
const most = 300;
const windowMs = 10_000;
/** Messages of a batch, which begin all at once. */
const mostOfBatch = 16;
const knownCredentials = 10_000;

/** A call of whoever showed what opens. */
export type Asked = {
  readonly request: Pick<IncomingMessage, 'headers'>;
  /** Whose end is the call's; undefined where nobody knows when it ends. */
  readonly response?: Answering | undefined;
  /** As it was parsed; undefined where nothing is called. */
  readonly body: unknown;
};

export type CallLimits = {
  /** Refuses whoever was refused a moment ago, before anything is asked of a store. @throws TooMany */
  readonly refuseSpent: (request: Asked['request'], bodyOf: () => unknown) => void;
  /** Takes a call in its turn. Answers whether its caller still waits. @throws TooMany, NotCounted, BatchTooLong */
  readonly take: (principal: Principal, asked: Asked) => Promise<boolean>;
};

export const unlimited: CallLimits = { refuseSpent: () => undefined, take: async () => true };

/**
 * Counts what each principal asks of all gateways together, each message of a batch, and lets each take its
 * turn in this one. Where that cannot be counted, what could add risk is refused; looking, stopping and
 * getting out go on. What only stops or gets out is counted for itself and waits for no turn, so that nothing
 * else that its principal asked for can keep it out.
 */
export const callLimits = (
  count: () => SharedState['count'] | undefined,
  timer: Timer,
): CallLimits => {
  const takeTurn = turns(timer);
  /** Until when each credential is refused, by the timer. */
  const spent = boundedCache<string, number>(knownCredentials);
  const tooMany = (name: string, afterMs: number) =>
    new TooMany(`${name} asks more than ${most} times in ${windowMs / 1_000} seconds.`, afterMs);

  const counted = async ({ name }: Principal, { request, body }: Asked): Promise<void> => {
    const messages = messagesIn(body);
    const exits = onlyGetsOut(body);
    const of = { by: Math.max(1, messages.length), windowMs };
    try {
      const now = await count()?.(`${exits ? 'exits' : 'calls'}.${name}`, of);
      if (now === undefined || now.total <= most) return;
      if (!exits) spent.set(credentialOf(request), timer.nowMs() + now.endsInMs);
      throw tooMany(name, now.endsInMs);
    } catch (error) {
      if (!(error instanceof SharedStateUnavailable)) throw error;
      if (!messages.every(addsNothing))
        throw new NotCounted(
          'Calls cannot be counted just now, so nothing is taken that could add risk. Looking, stopping and getting out go on.',
          { cause: error },
        );
    }
  };

  return {
    refuseSpent: (request, bodyOf) => {
      if (request.headers.authorization === undefined) return;
      const waitMs = (spent.get(credentialOf(request)) ?? 0) - timer.nowMs();
      if (waitMs > 0 && !onlyGetsOut(bodyOf())) throw tooMany('This client', waitMs);
    },
    take: async (principal, asked) => {
      const { body, response } = asked;
      await counted(principal, asked);
      if (body === undefined || onlyGetsOut(body)) return true;
      if (messagesIn(body).length > mostOfBatch) throw new BatchTooLong(mostOfBatch);
      return takeTurn(principal.name, response);
    },
  };
};
