import type { Grant } from '@sentinel/contracts/access';
import type { Approver } from '@sentinel/contracts/approval';
import {
  type CredentialId,
  type GrantId,
  type KeyId,
  type Sha256,
  type StreamName,
  streamName,
} from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { minutesLater } from '../samples/events.ts';
import { foldTo, houseOn } from '../samples/house.ts';
import { sampleId } from '../samples/ids.ts';
import { logOf, type Placed } from '../samples/log.ts';
import { keysByPrefix, listGrants, listKeys, listPasskeys } from './index.ts';

const by: Approver = { principal: 'human:alice', identifiedBy: 'passkey', through: 'page' };
const grantOf = (n: number, client: string): Grant => ({
  grantId: sampleId(n) as GrantId,
  client: { id: client, name: client },
  principal: 'human:alice',
  abilities: ['look'],
  ...{ symbols: null, accounts: null, maxOrderValue: null, maxDayValue: null, expiresAt: null },
});
const stream: StreamName = streamName('grant', 'sample');
const placed = (event: Placed['event']): Placed => ({ stream, event });

const foldedFrom = async (story: readonly Placed[]) => {
  const house = houseOn(await logOf(story));
  await foldTo(house, await house.eventStore.lastPosition());
  return house.readStore;
};

test('grants are listed as they stand, also those of one client', async () => {
  const [mine, other] = [grantOf(1, 'claude'), grantOf(2, 'other')];
  const wide: Grant = { ...mine, abilities: ['look', 'trade'] };
  const readStore = await foldedFrom([
    placed({ type: 'AccessGranted', data: { grant: mine, version: 1, by, at: minutesLater(0) } }),
    placed({ type: 'AccessGranted', data: { grant: other, version: 1, by, at: minutesLater(1) } }),
    placed({ type: 'AccessChanged', data: { grant: wide, version: 2, by, at: minutesLater(2) } }),
    placed({
      type: 'AccessRevoked',
      data: { grant: other, version: 2, by, at: minutesLater(3), reason: null },
    }),
  ]);
  expect(await listGrants(readStore, { client: 'claude' })).toEqual([
    {
      ...{ grant: wide, version: 2, standing: 'in_force', changed_by: 'human:alice' },
      ...{ given_at: minutesLater(0), changed_at: minutesLater(2) },
    },
  ]);
  const all = await listGrants(readStore);
  expect(all.map(({ standing }) => standing).sort()).toEqual(['in_force', 'revoked']);
});

test('a key is found by its prefix, and by the one before it while that still opens', async () => {
  const keyId = sampleId(7) as KeyId;
  const known = { keyId, label: 'batch', grantId: sampleId(1) as GrantId, by };
  const digest = (letter: string) => letter.repeat(64) as Sha256;
  const end = minutesLater(60);
  const issued = placed({
    type: 'KeyIssued',
    data: { ...known, prefix: 'sk_one', digest: digest('a'), expiresAt: null, at: minutesLater(0) },
  });
  const rotated = (prefix: string, previousUntil: Temporal.Instant | null) =>
    placed({
      type: 'KeyRotated',
      data: {
        ...{ ...known, prefix, digest: digest('b'), expiresAt: end, previousUntil },
        at: minutesLater(5),
      },
    });
  const overlapping = await foldedFrom([issued, rotated('sk_two', minutesLater(9))]);
  for (const prefix of ['sk_one', 'sk_two'])
    expect(await keysByPrefix(overlapping, prefix)).toMatchObject([{ key_id: keyId, until: end }]);
  expect(await listKeys(overlapping)).toMatchObject([
    { previous: { prefix: 'sk_one', digest: digest('a'), until: minutesLater(9) } },
  ]);
  const atOnce = await foldedFrom([
    issued,
    rotated('sk_two', null),
    placed({ type: 'KeyRevoked', data: { ...known, reason: null, at: minutesLater(6) } }),
  ]);
  expect(await keysByPrefix(atOnce, 'sk_one')).toEqual([]);
  expect(await listKeys(atOnce)).toMatchObject([{ standing: 'revoked', prefix: 'sk_two' }]);
});

test('a passkey is listed until it is removed', async () => {
  const passkey = (credentialId: string) => ({
    ...{ operator: 'human:alice', credentialId: credentialId as CredentialId, label: 'laptop' },
    ...{ by, at: minutesLater(0) },
  });
  const readStore = await foldedFrom([
    ...['one', 'two'].map((id) =>
      placed({
        type: 'PasskeyRegistered',
        data: { ...passkey(id), publicKey: 'pQECAyYg', signCount: 0 },
      }),
    ),
    placed({ type: 'PasskeyRemoved', data: passkey('one') }),
  ]);
  expect(await listPasskeys(readStore, { operator: 'human:alice' })).toMatchObject([
    { credential_id: 'two', public_key: 'pQECAyYg' },
  ]);
  expect(await listPasskeys(readStore, { operator: 'human:bob' })).toEqual([]);
});
