import { rm } from 'node:fs/promises';
import { caller } from './caller.ts';
import { ownFolder, startSentinelOn } from './program.ts';
import { tradeDay } from './trade-day.ts';
import { atMost, say, type Verdict } from './verdict.ts';

/** More than 10,000 events in one session. */
const orders = 2_400;
const leastEvents = 10_000;
const rounds = 3;
const msPerSecond = 1_000;

const figureIn = (answer: string, name: string): number => {
  const found = new RegExp(`\\\\?"${name}\\\\?":(\\d+)`).exec(answer)?.[1];
  if (found === undefined) throw new Error(`no ${name} in ${answer.slice(0, 300)}`);
  return Number(found);
};

/** How long a caller waits for a day of orders under other limits: the quickest of some times. */
export const measureWhatIf = async (): Promise<readonly Verdict[]> => {
  const dataDir = await ownFolder();
  try {
    const day = await startSentinelOn(dataDir);
    try {
      await tradeDay(day.url, { from: 0, until: orders });
      const { ask, close } = caller(day.url);
      const events = figureIn(await ask('audit_replay_session', { limit: 1 }), 'events');
      if (events < leastEvents) throw new Error(`the session has ${events} events alone`);
      let quickest = Number.POSITIVE_INFINITY;
      for (let round = 0; round < rounds; round++) {
        const before = performance.now();
        const answer = await ask('audit_what_if', {
          ...{ cases: [{ maxPositionBps: 200 }], changes: 0 },
        });
        quickest = Math.min(quickest, performance.now() - before);
        figureIn(answer, 'decisions_changed');
      }
      close();
      const seconds = quickest / msPerSecond;
      say(`what if: ${seconds.toFixed(2)} s for a session of ${events} events`);
      return [atMost(5, 'a session of 10,000 events under other limits, in seconds', seconds)];
    } finally {
      await day.stop();
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true });
  }
};
