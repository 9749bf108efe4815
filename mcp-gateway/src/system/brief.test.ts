import type { Handlers } from '@sentinel/contracts';
import {
  accepted,
  type EventMetadata,
  type LogPosition,
  type RequestContext,
  refused,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store/memory';
import { mockMarketData } from '@sentinel/infra/market-data';
import { systemClock } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { type BriefSources, briefHandlers } from './brief.ts';

const context: RequestContext = {
  metadata: {} as EventMetadata,
  signal: new AbortController().signal,
  progress: () => undefined,
};

/** A quiet house, of which a test breaks what it likes. */
const brief = async (broken: Partial<BriefSources>, handlers: Partial<Handlers> = {}) => {
  const eventStore = memoryEventStore({ now: systemClock });
  const sources: BriefSources = {
    eventStore,
    market: mockMarketData({ now: systemClock }),
    components: async () => [{ component: 'views', state: 'ready', detail: '' }],
    lastBefore: async () => undefined,
    handlers: {
      GetKillSwitchStatus: async () =>
        accepted({ trading_state: 'ACTIVE', halts: [], pending_releases: [], as_of_position: '0' }),
      ListApprovals: async () => accepted({ approvals: [], how_to_approve: '-' }),
      GetLimits: async () => accepted({ limits: [] } as never),
      ListOrders: async () => accepted({ orders: [] } as never),
      ListRecentEvents: async () =>
        accepted({ events: [], next_cursor: null, as_of_position: '0' }),
      GetPortfolioStatus: async () => accepted({ stale_marks: [] } as never),
      ...handlers,
    } as BriefSources['handlers'],
    ...broken,
  };
  const answer = await briefHandlers(sources).GetBrief({}, context);
  if (!answer.ok) throw new Error(answer.refusal.code);
  return answer.value;
};

describe('a brief', () => {
  test('of a quiet house is calm', async () => {
    expect(await brief({})).toMatchObject({ calm: true, unreadable: [], needs_decision: [] });
  });

  test.each<[string, string, Partial<BriefSources>, Partial<Handlers>]>([
    [
      'halts whose view is parked',
      'halts',
      {},
      { GetKillSwitchStatus: async () => refused('VIEW_PARKED', 'The view is parked.', '-') },
    ],
    [
      'an account that fails',
      'the account',
      {},
      {
        GetPortfolioStatus: async () => {
          throw new Error('password=hunter2');
        },
      },
    ],
    ['the log that is gone', 'the end of the log', { eventStore: gone() }, {}],
    [
      'a component that failed',
      'market data',
      {
        components: async () => [
          { component: 'market data', state: 'failed', detail: 'not connected' },
        ],
      },
      {},
    ],
  ])('is never calm over %s', async (_, what, broken, handlers) => {
    const answer = await brief(broken, handlers);
    expect(answer.calm).toBe(false);
    expect(answer.unreadable.map((each) => each.what)).toContain(what);
    expect(JSON.stringify({ ...answer, at: null })).not.toContain('hunter2');
  });

  test('is not calm over a price that nobody quotes', async () => {
    const answer = await brief(
      {},
      { GetPortfolioStatus: async () => accepted({ stale_marks: ['NVDA'] } as never) },
    );
    expect(answer).toMatchObject({ calm: false, unreadable: [{ what: 'the price of NVDA' }] });
  });

  test('asks views for all that the log holds', async () => {
    const asked: unknown[] = [];
    await brief(
      {},
      {
        GetKillSwitchStatus: async (input) => {
          asked.push(input.min_position);
          return refused('STALE_VIEW', 'The views stand behind.', '-');
        },
      },
    );
    expect(asked).toEqual([0n as LogPosition]);
  });
});

function gone(): BriefSources['eventStore'] {
  const store = memoryEventStore({ now: systemClock });
  return {
    ...store,
    lastPosition: async () => {
      throw new Error('gone');
    },
  };
}
