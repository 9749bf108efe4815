import type { EventId, Json, RecordedEvent } from '@sentinel/contracts/kernel';
import { canonicalJson } from '@sentinel/contracts/kernel';
import { sha256 } from '@sentinel/infra/runtime';
import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { beforeAll, expect, test } from 'vitest';
import { testAuthenticator } from '../log-in/test-authenticator.ts';
import { approvalChallenge } from './proof.ts';
import { verifyRecorded } from './verify-recorded.ts';

const origin = 'https://sentinel.example';
const [requestId, grantedId] = [
  '01890000-0000-7000-8000-000000000061',
  '01890000-0000-7000-8000-000000000062' as EventId,
];
const at = '2026-03-03T17:01:00Z';
const by = { principal: 'human:ada', identifiedBy: 'passkey', through: 'page' };

const event = (type: string, schemaVersion: number, data: Json): RecordedEvent =>
  ({
    ...{ id: type === 'ApprovalGranted' ? grantedId : type, type, schemaVersion },
    data,
  }) as unknown as RecordedEvent;

let log: {
  readonly asked: RecordedEvent;
  readonly yes: RecordedEvent;
  readonly passkey: RecordedEvent;
};
let altered: (part: string, to: Json) => RecordedEvent;
beforeAll(async () => {
  const authenticator = testAuthenticator(origin);
  const { registrationInfo } = await verifyRegistrationResponse({
    response: authenticator.register({ challenge: 'AAAA' }) as never,
    ...{ expectedChallenge: 'AAAA', expectedOrigin: origin, expectedRPID: 'sentinel.example' },
  });
  const { id: credentialId, publicKey } = registrationInfo?.credential ?? { id: '', publicKey: [] };
  const request = { requestId, kind: 'order', subject: 'an order' };
  const requestDigest = sha256(canonicalJson(request));
  const { response } = authenticator.sign({
    challenge: approvalChallenge({ requestId, requestDigest }),
  }) as { response: Record<string, string> };
  const { userHandle: _, ...signed } = response;
  const yes = { ...{ requestId, requestDigest, by, at }, proof: { credentialId, ...signed } };
  altered = (part, to) => event('ApprovalGranted', 3, { ...yes, [part]: to });
  log = {
    asked: event('ApprovalRequested', 1, request),
    yes: event('ApprovalGranted', 3, yes),
    passkey: event('PasskeyRegistered', 1, {
      ...{ operator: 'human:ada', credentialId, label: 'a key', signCount: 0, by, at },
      publicKey: Buffer.from(publicKey).toString('base64url'),
    }),
  };
});

test('a yes is proved by its request, its signature and the passkey', async () => {
  const { asked, yes, passkey } = log;
  expect(await verifyRecorded([asked, yes, passkey], grantedId)).toBeUndefined();
});

test('what was altered or is wanting is told', async () => {
  const { asked, yes, passkey } = log;
  const other = { ...asked, data: { ...(asked.data as object), subject: 'another' } };
  const told = (...events: readonly RecordedEvent[]) => verifyRecorded(events, grantedId);
  expect(await told(other, yes, passkey)).toContain('was altered');
  expect(await told(asked, yes)).toContain('is not among these events');
  const strange = altered('requestId', '01890000-0000-7000-8000-000000000069');
  expect(await told(asked, strange, passkey)).toContain('not that of the passkey');
  expect(await told(asked, altered('at', 'never'), passkey)).toContain('cannot be read');
});
