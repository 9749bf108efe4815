import type { Approver } from '@sentinel/contracts/approval';
import type { GrantId, KeyId, Sha256 } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { specification } from '../kernel/specification.ts';
import { type KeyEvent, keyDecider, openingAt, type StandingKey } from './key-decider.ts';

const at = Temporal.Instant.from('2026-03-03T17:00:00Z');
const later = (minutes: number) => at.add({ minutes });
const by: Approver = {
  principal: 'operator-key:1f',
  identifiedBy: 'operator_key',
  through: 'command',
};
const known = {
  keyId: '01890000-0000-7000-8000-0000000000b1' as KeyId,
  label: 'batch',
  grantId: '01890000-0000-7000-8000-0000000000a1' as GrantId,
};
const one = { prefix: 'sk_one', digest: 'a'.repeat(64) as Sha256 };
const two = { prefix: 'sk_two', digest: 'b'.repeat(64) as Sha256 };
const { given } = specification(keyDecider);

const issue = { type: 'IssueKey', ...known, ...one, expiresAt: later(30), by, at } as const;
const rotate = {
  type: 'RotateKey',
  ...two,
  expiresAt: null,
  previousUntil: later(60),
  by,
  at,
} as const;
const revoke = { type: 'RevokeKey', reason: null, by, at } as const;
const issued: KeyEvent = {
  type: 'KeyIssued',
  data: { ...known, ...one, expiresAt: later(30), by, at },
};
const rotated = (previousUntil: Temporal.Instant | null): KeyEvent => ({
  type: 'KeyRotated',
  data: { ...known, ...two, expiresAt: null, previousUntil, by, at },
});
const revoked: KeyEvent = { type: 'KeyRevoked', data: { ...known, reason: null, by, at } };
const typesOf = (outcome: ReturnType<typeof keyDecider.decide>) =>
  outcome.ok ? outcome.value.map(({ type }) => type) : outcome.refusal.code;
const opens = (state: StandingKey | null, when: Temporal.Instant) =>
  openingAt(state as StandingKey, when).map(({ prefix }) => prefix);

describe('a key', () => {
  test('is issued once, rotated, and revoked for good', () => {
    expect(typesOf(given().when(issue))).toEqual(['KeyIssued']);
    expect(typesOf(given(issued).when(issue))).toEqual([]);
    expect(typesOf(given(issued).when(rotate))).toEqual(['KeyRotated']);
    expect(typesOf(given(issued).when(revoke))).toEqual(['KeyRevoked']);
    expect(typesOf(given(issued, revoked).when(revoke))).toEqual([]);
    for (const command of [issue, rotate])
      expect(typesOf(given(issued, revoked).when(command))).toBe('ALREADY_REVOKED');
    for (const command of [rotate, revoke])
      expect(typesOf(given().when(command))).toBe('UNKNOWN_KEY');
  });

  test('opens until its end, and nothing once it is revoked', () => {
    const { state } = given(issued);
    expect(opens(state, later(29))).toEqual(['sk_one']);
    expect(opens(state, later(30))).toEqual([]);
    expect(opens(given(issued, revoked).state, at)).toEqual([]);
    expect(typesOf(given().when({ ...issue, expiresAt: at }))).toBe('INVALID_TERMS');
    expect(typesOf(given(issued).when({ ...rotate, expiresAt: at }))).toBe('INVALID_TERMS');
  });

  test('leaves the one before it open only as long as was said, and no longer than that had', () => {
    expect(opens(given(issued, rotated(null)).state, at)).toEqual(['sk_two']);
    const overlapping = given(issued, rotated(later(60))).state;
    expect(opens(overlapping, later(29))).toEqual(['sk_two', 'sk_one']);
    expect(opens(overlapping, later(30))).toEqual(['sk_two']);
    expect(opens(given(issued, rotated(later(5))).state, later(5))).toEqual(['sk_two']);
  });

  test('is no agent’s to give', () => {
    const agent = { ...by, principal: 'agent:claude' };
    for (const command of [issue, rotate, revoke])
      expect(typesOf(given(issued).when({ ...command, by: agent }))).toBe('NOT_A_HUMAN');
  });
});
