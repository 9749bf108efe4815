import type { Approver } from '@sentinel/contracts/approval';
import type { CredentialId } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { expect, test } from 'vitest';
import { type PasskeyCommand, passkeyRoom } from './passkeys.ts';

const at = Temporal.Instant.from('2026-03-03T17:00:00Z');
const by: Approver = { principal: 'human:alice', identifiedBy: 'passkey', through: 'page' };
const metadata = {
  ...{ principal: by.principal, client: 'desk', tool: 'desk' },
  ...{ correlationId: 'desk', causationId: 'desk' },
};
const credentialOf = (id: string) => id as CredentialId;
const register = (id: string, who = by): PasskeyCommand => ({
  ...{ type: 'RegisterPasskey', operator: 'human:alice', credentialId: credentialOf(id) },
  ...{ label: id, publicKey: 'pQECAyYg', signCount: 0, by: who, at },
});
const remove = (id: string): PasskeyCommand => ({
  ...{ type: 'RemovePasskey', credentialId: credentialOf(id), by, at },
});

test('passkeys come and go one by one, the last of them stays, and no agent has a hand in it', async () => {
  let count = 0;
  const newId = () => `01890000-0000-7000-8000-${`${++count}`.padStart(12, '0')}`;
  const eventStore = memoryEventStore({ now: () => at });
  const room = passkeyRoom({ eventStore, newId });
  const codeOf = async (command: PasskeyCommand) => {
    const outcome = await room.execute('alice', command, metadata);
    return outcome.ok ? [...outcome.value.keys()] : outcome.refusal.code;
  };
  expect(await codeOf(register('one', { ...by, principal: 'agent:claude' }))).toBe('NOT_A_HUMAN');
  expect(await codeOf(remove('one'))).toBe('UNKNOWN_PASSKEY');
  expect(await codeOf(register('one'))).toEqual(['one']);
  expect(await codeOf(register('one'))).toEqual(['one']);
  expect(await codeOf(remove('one'))).toBe('LAST_PASSKEY');
  expect(await codeOf(register('two'))).toEqual(['one', 'two']);
  expect(await codeOf(remove('one'))).toEqual(['two']);
  const other = passkeyRoom({ eventStore, newId });
  expect([...(await other.of('alice')).keys()]).toEqual(['two']);
  expect([...(await other.of('bob')).keys()]).toEqual([]);
});
