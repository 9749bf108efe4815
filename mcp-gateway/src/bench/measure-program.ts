import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Json } from '@sentinel/contracts/kernel';
import { measureAppends } from '@sentinel/infra/event-store';
import { migrate, startEmbeddedPostgres } from '@sentinel/infra/postgres';
import { caller, percentile, timeCalls } from './caller.ts';
import { orderRates } from './measure-orders.ts';
import { startEcho, startSentinel } from './program.ts';
import { atLeast, atMost, say, type Verdict } from './verdict.ts';

const rounds = 6;
const callsPerRound = 300;
const silent = { info: () => undefined, warn: () => undefined };

const corpus = join(import.meta.dirname, '../../../contracts/corpus');

/** What an order appends before it is answered, as it stands in the corpus of stored events. */
const orderPayloads = ['RiskAssessed', 'OrderSubmitted'].map((type) => ({
  type,
  data: JSON.parse(readFileSync(join(corpus, `${type}.v1.json`), 'utf8')) as Json,
}));

/** Appends per second of the store alone: one caller, sixteen, and one who appends orders. */
const measureStore = async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sentinel-bench-'));
  const postgres = await startEmbeddedPostgres({ dataDir, log: silent });
  try {
    await migrate(postgres.connectionString);
    return await measureAppends(postgres.connectionString, orderPayloads);
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
    return atMost(1.5, `${name}: p50 over a bare SDK echo`, ratio);
  });
};

/** Reads, orders and appends of the running program, each over a floor in the same run. */
export const measureProgram = async (): Promise<readonly Verdict[]> => {
  const before = await measureStore();
  const [echoServer, program] = await Promise.all([startEcho(), startSentinel()]);
  const servers: Servers = { echo: caller(echoServer.url), sentinel: caller(program.url) };
  try {
    await servers.sentinel.call('watchlist_add', {
      symbols: ['NVDA', 'MSFT', 'AAPL'],
      group: 'tech',
    });
    const rateOf = orderRates(program.url);
    const alone = await rateOf(1);
    const together = await rateOf(16);
    const reads = await measureReads(servers);
    const after = await measureStore();
    const mean = (of: 'callers1' | 'callers16' | 'given1') => (before[of] + after[of]) / 2;
    const single = mean('callers1');
    say(
      `store: ${single.toFixed(0)} appends/s with one caller, ${mean('callers16').toFixed(0)} with 16; of the two events of an order ${mean('given1').toFixed(0)} with one`,
    );
    for (const [callers, { perSecond, p50Ms }] of [
      ['one caller', alone],
      ['16 callers', together],
    ] as const)
      say(
        `execution_paper_order: ${perSecond.toFixed(0)}/s from ${callers}, p50 ${p50Ms.toFixed(3)} ms; ${(perSecond / single).toFixed(2)} of the store's single-caller appends, ${(perSecond / mean('given1')).toFixed(2)} of those of an order's two events`,
      );
    return [
      ...reads,
      atLeast(
        0.4,
        'execution_paper_order per second, 16 callers, over single-caller appends of its events',
        together.perSecond / mean('given1'),
      ),
      atLeast(2.5, 'Postgres store, 16 callers over one', mean('callers16') / single),
    ];
  } finally {
    servers.echo.close();
    servers.sentinel.close();
    await Promise.all([echoServer.stop(), program.stop()]);
  }
};
