import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { letIn, setUpHuman } from '../test-human.ts';
import { startSecureProgramWith } from '../test-secure-program.ts';
import { caller, percentile, timeCalls } from './caller.ts';
import { atMost, say, type Verdict } from './verdict.ts';

const rounds = 4;
const callsPerRound = 300;
/** Twenty-five calls a second: as many as a principal may make, and no more. */
const pauseMs = 40;
const connections = 32;

/** One client that ran away, over many connections. */
const flood = (url: string, { ca, token }: { readonly ca: string; readonly token: string }) => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'call-flood-child.ts'), url, ca, token, `${connections}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const told = text(child.stdout);
  return async (): Promise<string> => {
    child.kill('SIGTERM');
    return (await told).trim();
  };
};

const toldOf = (times: readonly number[]): string =>
  `p50 ${percentile(times, 0.5).toFixed(2)} ms, p99 ${percentile(times, 0.99).toFixed(2)} ms`;

/** A good client beside one that calls as fast as it can with a token of its own, against itself without. */
export const measureCallFlood = async (): Promise<readonly Verdict[]> => {
  const program = await startSecureProgramWith({});
  const human = await setUpHuman(program);
  const ca = program.authority.certificate;
  const url = new URL('/mcp', program.base).href;
  const wild = { ca, token: await letIn(program.base, human) };
  const good = caller(url, { ca, tokens: [await letIn(program.base, human)] });
  const measured = async (): Promise<readonly number[]> => {
    const times: number[] = [];
    for (let n = 0; n < callsPerRound; n++) {
      await sleep(pauseMs);
      times.push(...(await timeCalls(1, () => good.call('market_health', {}))));
    }
    return times;
  };
  const before: number[] = [];
  const during: number[] = [];
  const ends: string[] = [];
  try {
    await measured();
    // In turns, so that a noisy minute hits both.
    for (let round = 0; round < rounds; round++) {
      before.push(...(await measured()));
      const end = flood(url, wild);
      during.push(...(await measured()));
      ends.push(await end());
    }
  } finally {
    good.close();
    await program.stop();
  }
  say(
    `a flood of calls over ${connections} connections: ${ends.join(', ')}; a good client ${toldOf(during)}, before ${toldOf(before)}`,
  );
  const ratio = percentile(during, 0.99) / percentile(before, 0.99);
  return [atMost(2, 'p99 of a good client beside one that calls without end', ratio)];
};
