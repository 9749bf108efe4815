import { type SharedState, SharedStateUnavailable } from '@sentinel/contracts/kernel';
import { listeners } from '../listeners.ts';
import { nextToken } from '../next-token.ts';

type Counter = { total: number; readonly endsMs: number };
type Held = { readonly owner: string; readonly token: bigint; endsMs: number };

/** What all who share it have in common. */
export type SharedMemory = {
  readonly counters: Map<string, Counter>;
  readonly leases: Map<string, Held>;
  readonly tokens: Map<string, bigint>;
  readonly told: ReturnType<typeof listeners>;
};

export const sharedMemory = (): SharedMemory => ({
  counters: new Map(),
  leases: new Map(),
  tokens: new Map(),
  told: listeners(),
});

/** Counters that are kept at the most before those that are over are swept. */
const sweepAt = 1_000;

/**
 * Shared by what runs in one process, which is all that there is by default. Those that are given the
 * same `memory` see each other as processes on one server would.
 */
export const memorySharedState = ({
  memory = sharedMemory(),
  nowMs = () => performance.now(),
  epochMs = () => performance.timeOrigin + performance.now(),
}: {
  readonly memory?: SharedMemory;
  /** Of a clock that never goes back. */
  readonly nowMs?: () => number;
  readonly epochMs?: () => number;
} = {}): SharedState => {
  const { counters, leases, tokens, told } = memory;
  const mine = new Set<() => void>();
  let closed = false;
  const open = (): void => {
    if (closed) throw new SharedStateUnavailable('what gateways share is closed');
  };
  const sweep = (): void => {
    for (const [name, { endsMs }] of counters) if (endsMs <= nowMs()) counters.delete(name);
  };
  const holding = (name: string): Held | undefined => {
    const held = leases.get(name);
    return held !== undefined && held.endsMs > nowMs() ? held : undefined;
  };
  const newHolding = (name: string, owner: string): Held => {
    const token = nextToken(tokens.get(name) ?? 0n, epochMs());
    tokens.set(name, token);
    return { owner, token, endsMs: 0 };
  };

  return {
    where: 'this process',
    problem: () => (closed ? 'what gateways share is closed' : undefined),
    count: async (name, { by, windowMs }) => {
      open();
      const now = nowMs();
      if (counters.size >= sweepAt) sweep();
      const found = counters.get(name);
      const going =
        found !== undefined && found.endsMs > now ? found : { total: 0, endsMs: now + windowMs };
      going.total += by;
      counters.set(name, going);
      // A sum of fractions may come out a hair longer than the window.
      return { total: going.total, endsInMs: Math.min(going.endsMs - now, windowMs) };
    },
    acquire: async (name, owner, ttlMs) => {
      open();
      const held = holding(name);
      if (held !== undefined && held.owner !== owner) return undefined;
      const taken = held ?? newHolding(name, owner);
      taken.endsMs = nowMs() + ttlMs;
      leases.set(name, taken);
      return { token: taken.token };
    },
    renew: async (name, token, ttlMs) => {
      open();
      const held = holding(name);
      if (held?.token !== token) return false;
      held.endsMs = nowMs() + ttlMs;
      return true;
    },
    release: async (name, token) => {
      open();
      if (holding(name)?.token === token) leases.delete(name);
    },
    tell: (topic, text) => {
      if (!closed) told.tell(topic, text);
    },
    listen: (topic, hear) => {
      const stop = told.listen(topic, hear);
      mine.add(stop);
      return () => {
        mine.delete(stop);
        stop();
      };
    },
    close: async () => {
      closed = true;
      for (const stop of mine) stop();
    },
  };
};
