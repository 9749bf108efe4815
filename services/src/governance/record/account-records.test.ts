import {
  type EventStore,
  quantity,
  type StreamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { memorySnapshotStore, type SnapshotRow } from '@sentinel/infra/snapshot-store';
import { expect, test } from 'vitest';
import { tuesdayNoon } from '../../execution/test-kit/test-desk.ts';
import type { Control } from '../../risk/index.ts';
import { governedDesk } from '../test-governed-desk.ts';
import { accountRecords, StillReading } from './account-records.ts';

const first = '2026-03-03' as TradingDate;
const unasked = AbortSignal.timeout(60_000);

/** A desk that has traded once on each of so many days, and who reads what came of it. */
const traded = async (days: number, ids = '0189') => {
  const eventStore = memoryEventStore({ now: () => tuesdayNoon });
  const desk = governedDesk(eventStore, { ids });
  await desk.open();
  const sessions: StreamName[] = [];
  const day = async () => {
    if (sessions.length > 0) desk.still.wait({ hours: 24 });
    await desk.filled({});
    desk.still.wait({ minutes: 6 });
    await desk.filled({ side: 'sell', qty: quantity.fromShares(10) });
    sessions.push(desk.session());
  };
  for (let n = 0; n < days; n++) await day();
  const rows = new Map<string, SnapshotRow>();
  const problems: unknown[] = [];
  /** A process that reads, with the sessions that it read from their first event. */
  const reader = (code = 'one', control: Pick<Control, 'refresh'> = desk.control) => {
    const begun: StreamName[] = [];
    const watched: EventStore = {
      ...eventStore,
      readStream: (stream, options) => {
        if ((options?.from ?? 0n) === 0n && stream.startsWith('session-')) begun.push(stream);
        return eventStore.readStream(stream, options);
      },
    };
    const snapshots = {
      store: memorySnapshotStore({ code, rows }),
      onProblem: (_: unknown, error: unknown) => problems.push(error),
    };
    const { since, catchUp } = accountRecords({
      eventStore: watched,
      control,
      snapshots,
    });
    return {
      ...{ begun, catchUp, since },
      trades: async (date = first) => {
        const { pieces } = await since(date);
        return pieces.flatMap((piece) => piece.trades.map(({ closedOn }) => closedOn));
      },
    };
  };
  return { desk, day, sessions, reader, rows, problems, eventStore };
};

test('sessions that have closed are read once, by whichever process comes first', async () => {
  const { day, sessions, reader, problems } = await traded(4);
  const one = reader();
  expect(await one.trades()).toHaveLength(4);
  expect(await one.trades()).toHaveLength(4);
  expect(one.begun).toEqual(sessions);
  const other = reader();
  expect(await other.trades()).toHaveLength(4);
  expect(other.begun).toEqual(sessions.slice(-1));
  await day();
  expect(await one.trades()).toHaveLength(5);
  expect(await other.trades()).toHaveLength(5);
  expect(await reader().trades('2026-03-06' as TradingDate)).toEqual(['2026-03-06', '2026-03-07']);
  expect(problems).toEqual([]);
});

test('what other code saved, or was saved of another log, is read anew', async () => {
  const { sessions, reader, rows, problems } = await traded(3);
  await reader().trades();
  const newer = reader('two');
  expect(await newer.trades()).toHaveLength(3);
  expect(newer.begun).toEqual(sessions);
  const elsewhere = await traded(2, '018c');
  for (const [stream, row] of rows) elsewhere.rows.set(stream, row);
  const moved = elsewhere.reader('two');
  expect(await moved.trades()).toHaveLength(2);
  expect(moved.begun).toEqual(elsewhere.sessions);
  expect(problems).toEqual([]);
});

test('a store of snapshots that is gone is told, and costs a reading', async () => {
  const { sessions, reader, problems, rows } = await traded(2);
  await reader().trades();
  rows.get('ledger-paper')?.state.fill(0);
  const later = reader();
  expect(await later.trades()).toHaveLength(2);
  expect(later.begun).toEqual(sessions);
  expect(problems).toEqual([]);
});

test('whoever asks while a long log is read is told so, and how far it is', async () => {
  const { desk, eventStore, sessions } = await traded(3);
  const impatient = new AbortController();
  let patience = AbortSignal.abort();
  const { since } = accountRecords({
    ...{ eventStore, control: desk.control, patience: () => patience },
    // Each of these sessions is one page.
    rest: async () => impatient.abort(),
  });
  await expect(since(first)).rejects.toThrow(new StillReading('its first session'));
  patience = impatient.signal;
  await expect(since(first)).rejects.toThrow(new StillReading('2026-03-03'));
  patience = unasked;
  expect((await since(first)).pieces).toHaveLength(sessions.length);
});

test('a long log is read in parts, and each goes on from the one before', async () => {
  const { sessions, reader } = await traded(4);
  const { catchUp, begun, trades } = reader();
  expect(await catchUp(AbortSignal.abort())).toBe(false);
  expect(begun).toEqual([]);
  expect(await catchUp(unasked)).toBe(true);
  expect(begun).toEqual(sessions);
  expect(await trades()).toHaveLength(4);
  expect(begun).toEqual(sessions);
});

test('a session that was struck off without having closed does not hold up those after it', async () => {
  const { desk, sessions, reader, rows, problems } = await traded(3);
  const struck: Pick<Control, 'refresh'> = {
    refresh: async () => {
      const state = await desk.control.refresh();
      const accounts = [...state.accounts].map(
        ([name, account]) => [name, { ...account, openSessions: [] }] as const,
      );
      return { ...state, accounts: new Map(accounts) };
    },
  };
  const { catchUp, trades } = reader('one', struck);
  expect(await catchUp(unasked)).toBe(true);
  expect(await trades()).toHaveLength(sessions.length);
  expect([rows.size, problems]).toEqual([0, []]);
});
