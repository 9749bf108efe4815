import { type StreamName, streamName } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import type { SessionState } from '../session/index.ts';
import { closedSession } from './closed-session.ts';

const stream: StreamName = streamName('session', 'paper-2026-03-02');
const folded = (phase: SessionState['phase'], version: bigint) =>
  ({ state: { phase }, version }) as never;

/** Which fold of a session is taken, where this process has one in this phase at hand. */
const taken = async (atHand: SessionState['phase']) => {
  const found = await closedSession(
    {
      load: async () => folded(atHand, 1n),
      refresh: async () => folded('closed', 2n),
    },
    stream,
  );
  return found.version;
};

test('a session that another process closed is folded to its end; one that is known closed is at hand', async () => {
  expect(await taken('open')).toBe(2n);
  expect(await taken('unopened')).toBe(2n);
  expect(await taken('closed')).toBe(1n);
});
