import {
  type ApprovalRequestId,
  type HaltId,
  streamName,
  type TradingDate,
} from '@sentinel/contracts/kernel';
import type { Halt } from '@sentinel/contracts/risk';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { monotonicIds, sha256 } from '@sentinel/infra/runtime';
import { expect, test } from 'vitest';
import { noon } from '../fixtures.ts';
import type { ControlCommand } from './commands.ts';
import { controlRoom } from './control.ts';
import { controlStream } from './state.ts';

const newId = monotonicIds();
const metadata = {
  ...{ principal: 'local:test', client: 'test', tool: 'test' },
  ...{ correlationId: 'c', causationId: 'c' },
};
const halt: Halt = {
  haltId: newId() as HaltId,
  scope: 'symbol',
  target: 'NVDA',
  account: 'paper',
  reason: 'a look first',
  danger: 'STALE_DATA',
  engagedBy: 'system:guard',
  engagedAt: noon,
};
const requestOf = (requestedBy: string, at = noon) => ({
  requestId: newId() as ApprovalRequestId,
  reason: 'it is well',
  requestedBy,
  requestedAt: at,
  expiresAt: at.add({ minutes: 15 }),
});
const session = (date: string) => ({
  stream: streamName('session', `paper-${date}`),
  account: 'paper',
  date: date as TradingDate,
});

const room = () => {
  const store = memoryEventStore({ now: () => noon });
  const control = controlRoom({ eventStore: store, newId });
  const told = async (...commands: readonly ControlCommand[]) => {
    for (const command of commands) await control.execute(command, metadata);
    return (await store.readStream(controlStream)).map(({ type }) => type);
  };
  return { ...control, told };
};

/** A human's yes to a request. */
const releaseOf = (requestId: ApprovalRequestId, principal = 'human:ada') => {
  const by = { principal, identifiedBy: 'operator_key', through: 'page' } as const;
  const answer = { requestId, requestDigest: sha256('asked'), by, at: noon };
  return { type: 'ReleaseHalt', answer } as const;
};

test('a halt that was released is not engaged again by whoever comes late with it', async () => {
  const { told } = room();
  const request = requestOf('local:test');
  const engage = { type: 'EngageHalt', halt } as const;
  const released = await told(
    engage,
    { type: 'RequestRelease', request, of: halt },
    releaseOf(request.requestId),
  );
  expect(released.at(-1)).toBe('HaltReleased');
  expect(await told(engage)).toEqual(released);
  const another = { ...halt, haltId: newId() as HaltId };
  expect(await told({ type: 'EngageHalt', halt: another })).toEqual([...released, 'HaltEngaged']);
});

test.each([
  ['local:root', 'HUMAN_REQUIRED'],
  ['agent:claude', 'HUMAN_REQUIRED'],
  ['system:guard', 'HUMAN_REQUIRED'],
  ['human: ', 'HUMAN_REQUIRED'],
  ['', 'HUMAN_REQUIRED'],
  ['human:test', 'SAME_PRINCIPAL'],
  ['human: TEST', 'SAME_PRINCIPAL'],
])('%j answers no request of local:test, neither with a yes nor with a no', async (who, code) => {
  const { told, execute } = room();
  const request = requestOf('local:test');
  const asked = await told(
    { type: 'EngageHalt', halt },
    { type: 'RequestRelease', request, of: halt },
  );
  const yes = releaseOf(request.requestId, who);
  const no = { type: 'DeclineRelease', answer: yes.answer } as const;
  for (const command of [yes, no])
    expect(await execute(command, metadata)).toMatchObject({ refusal: { code } });
  expect(await told()).toEqual(asked);
  expect((await told(releaseOf(request.requestId))).slice(-2)).toEqual([
    'ApprovalGranted',
    'HaltReleased',
  ]);
});

test('every request to release a halt ends with it: none of them expires later', async () => {
  const { told, load, execute } = room();
  const [granted, other] = [requestOf('local:one'), requestOf('local:other')];
  const grant = releaseOf(granted.requestId);
  const before = await told(
    { type: 'EngageHalt', halt },
    { type: 'RequestRelease', request: granted, of: halt },
    { type: 'RequestRelease', request: other, of: halt },
    grant,
  );
  expect((await load()).releaseRequests.size).toBe(0);
  const later = noon.add({ hours: 1 });
  expect(await told({ type: 'ExpireRequests', at: later })).toEqual(before);
  expect(await execute(grant, metadata)).toMatchObject({ refusal: { code: 'ALREADY_RELEASED' } });
  expect(await execute(releaseOf(other.requestId), metadata)).toMatchObject({
    refusal: { code: 'UNKNOWN_REQUEST' },
  });
});

test('a request that nobody saw expire expires all the same, after newer ones have come', async () => {
  const { told } = room();
  const later = noon.add({ hours: 1 });
  const [slept, fresh] = [requestOf('local:test'), requestOf('local:test', later)];
  const asked = await told(
    { type: 'EngageHalt', halt },
    { type: 'RequestRelease', request: slept, of: halt },
    { type: 'RequestRelease', request: fresh, of: halt },
  );
  expect(await told({ type: 'ExpireRequests', at: later })).toEqual([
    ...asked,
    'HaltReleaseExpired',
  ]);
});

test('more requests expire than one append takes', async () => {
  const { told, load } = room();
  await told({ type: 'EngageHalt', halt });
  for (let n = 0; n < 250; n++)
    await told({ type: 'RequestRelease', request: requestOf(`local:${n}`), of: halt });
  const at = noon.add({ hours: 1 });
  const expire = { type: 'ExpireRequests', at } as const;
  await told(expire, expire);
  expect((await load()).releaseRequests.size).toBe(50);
  await told(expire);
  expect((await load()).releaseRequests.size).toBe(0);
});

test('a session that was lived through is not registered by whoever comes late to it', async () => {
  const { told, load } = room();
  const at = noon;
  const [monday, tuesday] = [session('2026-03-02'), session('2026-03-03')];
  const lived = await told(
    { type: 'RegisterSession', session: monday, at },
    { type: 'DeregisterSession', session: monday, at },
    { type: 'RegisterSession', session: tuesday, at },
    { type: 'DeregisterSession', session: tuesday, at },
  );
  expect(
    await told(
      { type: 'RegisterSession', session: monday, at },
      { type: 'DeregisterSession', session: monday, at },
      { type: 'RegisterSession', session: tuesday, at },
    ),
  ).toEqual(lived);
  expect((await load()).accounts.get('paper')?.lastClosed?.date).toBe('2026-03-03');
});
