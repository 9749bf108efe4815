import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { LogPosition, StreamName } from '@sentinel/contracts/kernel';
import { sha256 } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { testDigest } from '../../execution/test-kit/test-desk.ts';
import { replaySession } from './replay-session.ts';
import {
  entriesOf,
  foldedSession,
  type StoredEvent,
  type StoredSession,
} from './stored-session.ts';

type Stored = Omit<StoredEvent, 'logPosition'> & { readonly stream: StreamName };

const logs = {
  'risk-3': ['../before-risk-4.log.json', sha256],
  'risk-4': ['../before-risk-5.log.json', testDigest],
  '0.1.0': ['../../../../mcp-gateway/src/fixtures/log-0.1.0.json', sha256],
} as const;

const sessionsOf = (file: string): readonly StoredSession[] => {
  const stored = JSON.parse(
    readFileSync(join(import.meta.dirname, file), 'utf8'),
  ) as readonly Stored[];
  const ofSessions = stored.filter(({ stream }) => stream.startsWith('session-'));
  return [...Map.groupBy(ofSessions, ({ stream }) => stream)].map(([stream, events]) => ({
    stream,
    events: events.map((event, n) => ({ ...event, logPosition: BigInt(n) as LogPosition })),
  }));
};

describe.each(Object.entries(logs))('a log that a Sentinel of %s wrote', (_, [file, digest]) => {
  test('is equal when its sessions are executed again today', () => {
    const sessions = sessionsOf(file);
    expect(sessions.length).toBeGreaterThan(0);
    let before: StoredSession | undefined;
    for (const session of sessions) {
      const folded = before && foldedSession(before, digest);
      const replay = replaySession(entriesOf(session), {
        digest,
        previous: before && folded && { stream: before.stream, session: folded },
      });
      expect(replay.firstDifference).toBe(null);
      expect(replay.assessments).toBeGreaterThan(0);
      expect(replay.decidedAgain).toBeGreaterThan(session.events.length / 2);
      before = session;
    }
  });
});
