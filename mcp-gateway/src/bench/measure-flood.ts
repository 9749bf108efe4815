import { spawn } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { caller, percentile, timeCalls } from './caller.ts';
import { ownFolder, startSentinelOn } from './program.ts';
import { atMost, say, type Verdict } from './verdict.ts';

const connections = 10_000;
const warmUp = 300;
const baselineCalls = 2_000;
const mebibyte = 1024 * 1024;

/** The flood as a process, with what it told of how its connections ended. */
const flood = (port: string) => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'flood-child.ts'), port, `${connections}`],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const isOver = () => child.exitCode !== null || child.signalCode !== null;
  return { isOver, told: text(child.stdout), stop: () => child.kill() };
};

/** A good client beside ten thousand connections that send half a request each, against itself before. */
export const measureFlood = async (): Promise<readonly Verdict[]> => {
  const dataDir = await ownFolder();
  const program = await startSentinelOn(dataDir);
  const { call, close } = caller(program.url);
  const look = () => call('market_health', {});
  try {
    await timeCalls(warmUp, look);
    const before = percentile(await timeCalls(baselineCalls, look), 0.99);
    const { isOver, told, stop } = flood(new URL(program.url).port);
    const times: number[] = [];
    while (!isOver()) times.push(...(await timeCalls(20, look)));
    stop();
    const during = percentile(times, 0.99);
    close();
    const { peakBytes } = await program.stop();
    say(
      `flood of ${connections} connections: ${(await told).trim().split('\n').at(-1)}; p99 of a good client ${during.toFixed(2)} ms in ${times.length} calls, before ${before.toFixed(2)} ms; peak memory ${(peakBytes / mebibyte).toFixed(0)} MiB`,
    );
    return [atMost(2, 'p99 of a good client under a flood over its own before', during / before)];
  } finally {
    close();
    await program.stop().catch(() => undefined);
    await rm(dataDir, { recursive: true, force: true });
  }
};
