import { setTimeout as sleep } from 'node:timers/promises';
import type { Handlers } from '@sentinel/contracts';
import {
  accepted,
  beforeAll,
  EventStoreUnavailable,
  type RequestContext,
} from '@sentinel/contracts/kernel';
import { memoryAccessStore } from '@sentinel/infra/access-store';
import { mockMarketData } from '@sentinel/infra/market-data';
import { newId, systemClock } from '@sentinel/infra/runtime';
import { marketHandlers } from '@sentinel/services/market';
import { type Authenticate, localOperator } from '../auth/index.ts';
import { loopbackOnly, type Reach } from '../reach/index.ts';
import type { Sentinel } from '../sentinel.ts';
import type { CallLimits } from '../throttle/index.ts';
import { type AppOptions, httpApp } from './app.ts';
import { listen } from './listen.ts';

/** Planted in what goes wrong inside: it must reach no client. */
export const canary = 'canary-91b7e2';

export type TestGateway = {
  readonly url: (path: string) => URL;
  /** The contexts in which the watchlist's handler was called. */
  readonly contexts: readonly RequestContext[];
  /** What the gateway reported as gone wrong. */
  readonly failures: readonly unknown[];
  readonly becomeReady: () => void;
  readonly close: () => Promise<void>;
};

/** Long enough for a client to take in one message before the next. */
const pauseMs = 20;

/** A few tools that answer and a few that fail, each in its way; the rest is not called. */
const handlersFor = (contexts: RequestContext[]): Handlers =>
  ({
    ...marketHandlers({ market: mockMarketData({ now: systemClock }) }),
    AddSymbols: async (input, context) => {
      contexts.push(context);
      return accepted({
        added: input.symbols,
        already_there: [],
        joined: [],
        made_up: [],
        refused: [],
        log_position: '7',
      });
    },
    Scan: async (_input, context) => {
      contexts.push(context);
      const { progress } = context;
      // The second follows too closely upon the first to be worth telling.
      progress(1, 3, 'the first symbol');
      progress(2, 3, 'the second symbol');
      await sleep(pauseMs);
      progress(3, 3, 'the last symbol');
      await sleep(pauseMs);
      return accepted({
        signals: [],
        signals_count: 0,
        failed: [],
        rejections: null,
        problems: [],
        unknown_strategies: [],
        evaluated: 3,
        source: 'mock',
        log_position: '9',
      });
    },
    GetHealth: async () => {
      throw new Error(`cannot read ${canary}`);
    },
    ListStrategies: async () =>
      // A handler with a bug: what it answers is not what it promised.
      accepted({ strategies: [{ strategy: canary }], as_of_position: '1' } as never),
    EngageHalt: async () => {
      throw new EventStoreUnavailable(`connection to ${canary} refused`);
    },
  }) satisfies Partial<Handlers> as unknown as Handlers;

/** The real door over small handlers, on a port of its own. */
export const startTestGateway = async ({
  ready = true,
  reach = loopbackOnly,
  access = {},
  authenticate = localOperator(),
  house = {},
  callLimits,
}: {
  readonly ready?: boolean;
  readonly reach?: Reach;
  /** Another way in than the usual one. */
  readonly access?: Partial<AppOptions> & Partial<Pick<Sentinel, 'grants' | 'access'>>;
  /** What of the house is to be another than usual. */
  readonly house?: Partial<Sentinel>;
  readonly authenticate?: Authenticate;
  readonly callLimits?: CallLimits;
} = {}): Promise<TestGateway> => {
  const contexts: RequestContext[] = [];
  const failures: unknown[] = [];
  const sentinel: Sentinel = {
    handlers: handlersFor(contexts),
    source: 'mock',
    lastAppend: () => beforeAll,
    readResource: async () => undefined,
    rebuild: async () => undefined,
    rollBack: async () => undefined,
    access: {
      ...{ newest: async () => undefined, account: 'paper' },
      ...{ used: () => undefined, now: systemClock },
    },
    keys: {
      newest: async () => undefined,
      execute: async () => {
        throw new Error('not called');
      },
    },
    passkeys: {
      of: async () => new Map(),
      execute: async () => {
        throw new Error('not called');
      },
    },
    count: async (_name, { by, windowMs }) => ({ total: by, endsInMs: windowMs }),
    keyList: async () => [],
    lastUses: { note: () => undefined, of: () => undefined },
    accessLists: { grants: async () => [], keys: async () => [] },
    accessStore: memoryAccessStore({ now: systemClock, rows: new Map() }),
    grants: {
      newest: async () => undefined,
      history: async () => [],
      factFor: async () => undefined,
      execute: async () => {
        throw new Error('not called');
      },
    },
    approvals: {
      list: async () => [],
      find: async () => undefined,
      answer: async () => {
        throw new Error('not called');
      },
    },
    limits: {
      compare: async () => {
        throw new Error('not called');
      },
      adopt: async () => {
        throw new Error('not called');
      },
    },
    ...(access.grants !== undefined && { grants: access.grants }),
    ...(access.access !== undefined && { access: access.access }),
    components: async () => [{ component: 'market data', state: 'ready', detail: 'mock' }],
    stop: async () => undefined,
    ...house,
  };
  let isReady = ready;
  const { app, close } = httpApp({
    instance: newId(),
    reach,
    sentinel: () => (isReady ? sentinel : undefined),
    authenticate,
    callLimits,
    operatorKey: 'k'.repeat(43),
    pepper: 'p'.repeat(43),
    newId,
    onError: (error) => failures.push(error),
    onFailure: (_incident, error) => failures.push(error),
    ...access,
  });
  const listening = await listen(app, { host: '127.0.0.1', port: 0 });
  return {
    url: (path) => new URL(path, `http://127.0.0.1:${listening.port}`),
    contexts,
    failures,
    becomeReady: () => {
      isReady = true;
    },
    close: async () => {
      await close();
      await listening.close();
    },
  };
};
