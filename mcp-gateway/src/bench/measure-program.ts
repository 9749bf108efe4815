import { startBareStore } from './bare-store.ts';
import { caller, percentile, timeCalls } from './caller.ts';
import { measureOrders } from './measure-orders.ts';
import { startEcho, startSentinel } from './program.ts';
import { atMost, say, type Verdict } from './verdict.ts';

const rounds = 6;
const callsPerRound = 300;

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

/** Reads and orders of the running program, each over a floor in the same run. */
export const measureProgram = async (): Promise<readonly Verdict[]> => {
  const [echoServer, program, store] = await Promise.all([
    startEcho(),
    startSentinel(),
    startBareStore(),
  ]);
  const servers: Servers = { echo: caller(echoServer.url), sentinel: caller(program.url) };
  try {
    await servers.sentinel.call('watchlist_add', {
      symbols: ['NVDA', 'MSFT', 'AAPL'],
      group: 'tech',
    });
    const orders = await measureOrders(program, store);
    return [...(await measureReads(servers)), ...orders];
  } finally {
    servers.echo.close();
    servers.sentinel.close();
    await Promise.all([echoServer.stop(), program.stop(), store.stop()]);
  }
};
