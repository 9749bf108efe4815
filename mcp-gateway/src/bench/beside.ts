import { systemClock } from '@sentinel/infra/runtime';
import { caller, percentile, timeCalls } from './caller.ts';
import { startSentinelOn } from './program.ts';
import { mediansOf } from './rounds.ts';

/** A log to trade on, and how many orders its session of today has had: no two may be alike. */
export type Log = { readonly dataDir: string; orders: number };

const rounds = 7;
const callsPerRound = 30;

/** Statistics are of a period: of the same one, whatever lies before it. */
const today = systemClock().toString().slice(0, 10);

/** What is asked of a log, by tool: of what stands now, of its end, and of all that it ever held. */
export const queries: readonly (readonly [string, object])[] = [
  ['portfolio_positions', {}],
  ['portfolio_status', {}],
  ['execution_list_orders', { limit: 5 }],
  ['execution_list_orders', { limit: 5, status: 'filled', symbol: 'NVDA' }],
  ['execution_list_orders', { limit: 5, status: 'rejected', symbol: 'NVDA' }],
  ['audit_recent_events', { limit: 5, symbol: 'NVDA' }],
  ['audit_trade_history', { limit: 5 }],
  ['audit_decision_log', { limit: 5 }],
  ['portfolio_history', {}],
  ['audit_stats', { start: today }],
];

/** By the words in which they are told. */
export const asked = ([tool, args]: (typeof queries)[number]): string =>
  Object.keys(args).length === 0 ? tool : `${tool} ${JSON.stringify(args)}`;

const timesOn = (url: string, log: Log) => {
  const { call, close } = caller(url);
  const order = () =>
    call('execution_paper_order', {
      ...{ symbol: 'NVDA', side: 'buy', order_type: 'market' },
      qty: `0.${`${++log.orders}`.padStart(6, '0')}`,
    });
  const p50 = async (one: () => Promise<string>) =>
    percentile(await timeCalls(callsPerRound, one), 0.5);
  return {
    close,
    round: async () => {
      const times: Record<string, number> = { order: await p50(order) };
      for (const query of queries) times[asked(query)] = await p50(() => call(...query));
      return times;
    },
  };
};

/** How long something took on each of two logs, in milliseconds, and how many times as long. */
export type Compared = {
  readonly what: string;
  readonly after: number;
  readonly before: number;
  readonly times: number;
};

/**
 * Orders and queries on two logs in turns, each program freshly started: a round's ratios are of the same
 * moment. Answers also the most memory that the program of the larger log took.
 */
export const compare = async (grown: Log, begun: Log) => {
  const largeProgram = await startSentinelOn(grown.dataDir);
  const smallProgram = await startSentinelOn(begun.dataDir);
  const large = timesOn(largeProgram.url, grown);
  const small = timesOn(smallProgram.url, begun);
  let names: readonly string[] = [];
  try {
    const found = await mediansOf(rounds, async () => {
      const [after, before] = [await large.round(), await small.round()];
      names = Object.keys(after);
      return Object.fromEntries(
        names.flatMap((name) => {
          const [late, early] = [after[name] as number, before[name] as number];
          return [
            [`${name} after`, late],
            [`${name} before`, early],
            [`${name} times`, late / early],
          ];
        }),
      );
    });
    const of = (name: string) => found[name] as number;
    const compared = names.map(
      (what): Compared => ({
        ...{ what, after: of(`${what} after`), before: of(`${what} before`) },
        times: of(`${what} times`),
      }),
    );
    return { compared, peakBytes: (await largeProgram.stop()).peakBytes };
  } finally {
    large.close();
    small.close();
    await Promise.all([largeProgram.stop(), smallProgram.stop()]);
  }
};
