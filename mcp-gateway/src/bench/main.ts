import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { measureAppends } from '@sentinel/infra/event-store';
import { migrate, startEmbeddedPostgres } from '@sentinel/infra/postgres';
import { caller, percentile, timeCalls } from './caller.ts';
import { startEcho, startSentinel } from './program.ts';

const rounds = 6;
const callsPerRound = 300;
const say = (line: string): void => void process.stdout.write(`${line}\n`);
const silent = { info: () => undefined, warn: () => undefined };

type Verdict = {
  readonly what: string;
  readonly ratio: number;
  readonly bound: string;
  readonly holds: boolean;
};

/** Appends per second of the store alone: one caller, then sixteen. */
const measureStore = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sentinel-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir, log: silent });
  try {
    await migrate(postgres.connectionString);
    return await measureAppends(postgres.connectionString);
  } finally {
    await postgres.stop();
    await rm(dataDir, { recursive: true, force: true });
  }
};

const readTools: readonly (readonly [string, object])[] = [
  ['watchlist_list', {}],
  ['portfolio_positions', {}],
  ['execution_list_orders', { limit: 5 }],
  ['risk_kill_switch_status', {}],
  ['market_quote', { symbol: 'NVDA' }],
];

type Servers = {
  readonly echo: ReturnType<typeof caller>;
  readonly sentinel: ReturnType<typeof caller>;
};

/** Floor and tools take turns, so that a noisy moment hits both. */
const measureReads = async ({ echo, sentinel }: Servers): Promise<readonly Verdict[]> => {
  const floor: number[] = [];
  const times = new Map<string, number[]>();
  for (let round = 0; round < rounds; round++) {
    const sample = await timeCalls(callsPerRound, () => echo.call('echo', { text: 'floor' }));
    if (round > 0) floor.push(...sample);
    for (const [name, args] of readTools) {
      const taken = await timeCalls(callsPerRound, () => sentinel.call(name, args));
      if (round > 0) times.set(name, [...(times.get(name) ?? []), ...taken]);
    }
  }
  say(
    `bare SDK echo: p50 ${percentile(floor, 0.5).toFixed(3)} ms, p99 ${percentile(floor, 0.99).toFixed(3)} ms`,
  );
  return [...times].map(([name, taken]) => {
    const ratio = percentile(taken, 0.5) / percentile(floor, 0.5);
    return {
      what: `${name}: p50 over a bare SDK echo`,
      ratio,
      bound: '≤ 1.5',
      holds: ratio <= 1.5,
    };
  });
};

/** Orders one after another, each of another quantity so that none is a duplicate. */
const measureOrders = async ({
  sentinel,
}: Servers): Promise<{ readonly perSecond: number; readonly p50: number }> => {
  const order = (n: number) =>
    sentinel.call('execution_paper_order', {
      symbol: 'NVDA',
      side: 'buy',
      qty: `0.${`${n + 1}`.padStart(6, '0')}`,
      order_type: 'market',
    });
  await timeCalls(callsPerRound, order);
  const start = performance.now();
  const times = await timeCalls(callsPerRound * 4, (n) => order(n + callsPerRound));
  return {
    perSecond: times.length / ((performance.now() - start) / 1000),
    p50: percentile(times, 0.5),
  };
};

const run = async (): Promise<readonly Verdict[]> => {
  const before = await measureStore();
  const [echoServer, program] = await Promise.all([startEcho(), startSentinel()]);
  const servers: Servers = { echo: caller(echoServer.url), sentinel: caller(program.url) };
  try {
    await servers.sentinel.call('watchlist_add', {
      symbols: ['NVDA', 'MSFT', 'AAPL'],
      group: 'tech',
    });
    const orders = await measureOrders(servers);
    const reads = await measureReads(servers);
    const after = await measureStore();
    const single = (before.callers1 + after.callers1) / 2;
    const sixteen = (before.callers16 + after.callers16) / 2;
    say(`store: ${single.toFixed(0)} appends/s with one caller, ${sixteen.toFixed(0)} with 16`);
    say(
      `execution_paper_order: ${orders.perSecond.toFixed(0)}/s from one caller, p50 ${orders.p50.toFixed(3)} ms`,
    );
    return [
      ...reads,
      {
        what: 'execution_paper_order per second over the store’s single-caller appends',
        ratio: orders.perSecond / single,
        bound: '≥ 0.40',
        holds: orders.perSecond / single >= 0.4,
      },
      {
        what: 'Postgres store, 16 callers over one',
        ratio: sixteen / single,
        bound: '≥ 2.5',
        holds: sixteen / single >= 2.5,
      },
    ];
  } finally {
    servers.echo.close();
    servers.sentinel.close();
    await Promise.all([echoServer.stop(), program.stop()]);
  }
};

const verdicts = await run();
for (const { what, ratio, bound, holds } of verdicts)
  say(
    `${holds ? 'holds ' : 'MISSES'}  ${ratio.toFixed(2).padStart(6)}  ${bound.padEnd(6)}  ${what}`,
  );
process.exit(verdicts.every(({ holds }) => holds) ? 0 : 1);
