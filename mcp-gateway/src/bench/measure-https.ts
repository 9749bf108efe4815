import { setTimeout as sleep } from 'node:timers/promises';
import { letIn, setUpHuman } from '../test-human.ts';
import { type SecureProgram, startSecureProgramWith } from '../test-secure-program.ts';
import { caller, percentile, timeCalls } from './caller.ts';
import { startEcho } from './program.ts';
import { atMost, say, type Verdict } from './verdict.ts';

const rounds = 6;
const callsPerRound = 250;
/** A principal is let ask so often within so long, and an address three times as often. */
const windowMs = 10_000;
const clients = 4;

const readTools: readonly (readonly [string, object])[] = [
  ['watchlist_list', {}],
  ['risk_kill_switch_status', {}],
  ['market_quote', { symbol: 'NVDA' }],
];

/** Tokens of as many clients, each let in by a human. */
const tokensOf = async (program: SecureProgram): Promise<readonly string[]> => {
  const human = await setUpHuman(program);
  const tokens: string[] = [];
  for (let n = 0; n < clients; n++) tokens.push(await letIn(program.base, human));
  return tokens;
};

/**
 * Reads of the running program over HTTPS with a token of OAuth, over the bare SDK with the same certificate
 * and a bearer check of its own. Both take turns; between two rounds a window of the limits ends.
 */
export const measureHttps = async (): Promise<readonly Verdict[]> => {
  const program = await startSecureProgramWith({});
  const ca = program.authority.certificate;
  const echo = await startEcho({ ...program.pairFiles, ECHO_TOKEN: 'x'.repeat(43) });
  const bare = caller(echo.url, { ca, tokens: ['x'.repeat(43)] });
  const sentinel = caller(new URL('/mcp', program.base).href, {
    ca,
    tokens: await tokensOf(program),
  });
  const floor: number[] = [];
  const times = new Map<string, number[]>();
  try {
    for (let round = 0; round < rounds; round++) {
      await sleep(windowMs);
      const taken = await timeCalls(callsPerRound, () => bare.call('echo', { text: 'floor' }));
      if (round > 0) floor.push(...taken);
      for (const [name, args] of readTools) {
        const read = await timeCalls(callsPerRound, () => sentinel.call(name, args));
        if (round > 0) times.set(name, [...(times.get(name) ?? []), ...read]);
      }
    }
  } finally {
    bare.close();
    sentinel.close();
    await Promise.all([echo.stop(), program.stop()]);
  }
  const told = (taken: readonly number[]) =>
    `p50 ${percentile(taken, 0.5).toFixed(3)} ms, p99 ${percentile(taken, 0.99).toFixed(3)} ms`;
  say(`bare SDK echo over HTTPS with its own bearer check: ${told(floor)}`);
  return [...times].map(([name, taken]) => {
    say(`${name} over HTTPS with a token: ${told(taken)}`);
    const ratio = percentile(taken, 0.5) / percentile(floor, 0.5);
    return atMost(1.5, `${name} over HTTPS with a token: p50 over the bare SDK's`, ratio);
  });
};
