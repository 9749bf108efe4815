import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { orderStream } from './order-stream.ts';
import { type Verified, verify } from './verify.ts';
import { type Victim, victim } from './victim.ts';

/** What is killed: the program, its database, both, or the program while it starts. */
export const kills = ['program', 'database', 'both', 'start-up'] as const;
export type Kill = (typeof kills)[number];

export type ChaosReport = Verified & {
  readonly kills: Readonly<Record<Kill, number>>;
  readonly acknowledged: number;
  readonly cleanExit: number | null;
};

/** A small seeded generator (mulberry32): the same seed kills at the same moments. */
const seeded = (seed: number) => {
  let state = seed >>> 0;
  return (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let word = Math.imul(state ^ (state >>> 15), state | 1);
    word ^= word + Math.imul(word ^ (word >>> 7), word | 61);
    return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
  };
};

const strike = async (of: Victim, kill: Kill, draw: () => number): Promise<void> => {
  switch (kill) {
    case 'program':
      await of.killProgram();
      return of.start();
    case 'database':
      return of.killDatabase();
    case 'both':
      await Promise.all([of.killProgram(), of.killDatabase()]);
      return of.start();
    case 'start-up':
      await of.killProgram();
      of.launch();
      await sleep(draw() * 1_500);
      await of.killProgram();
      return of.start();
  }
};

/** Streams orders through the real program while it and its database are killed, then looks at what stands. */
export const chaos = async (options: {
  readonly kills: number;
  readonly seed: number;
  readonly onKill: (line: string) => void;
}): Promise<ChaosReport> => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sentinel-chaos-'));
  const draw = seeded(options.seed);
  const counts: Record<Kill, number> = { program: 0, database: 0, both: 0, 'start-up': 0 };
  const target = await victim(dataDir);
  await target.start();
  const stream = orderStream(target.url);
  try {
    for (let n = 1; n <= options.kills; n++) {
      await sleep(200 + draw() * 800);
      const kill = kills[(n - 1) % kills.length] as Kill;
      counts[kill] += 1;
      await strike(target, kill, draw);
      options.onKill(
        `${n}/${options.kills} ${kill}: ${stream.acknowledged().length} orders acknowledged`,
      );
    }
    await sleep(3_000);
  } finally {
    await stream.stop();
  }
  const cleanExit = await target.stop();
  const verified = await verify(dataDir, stream.acknowledged());
  await rm(dataDir, { recursive: true, force: true });
  return {
    ...verified,
    problems: [...verified.problems, ...stream.contradictions()],
    kills: counts,
    acknowledged: stream.acknowledged().length,
    cleanExit,
  };
};
