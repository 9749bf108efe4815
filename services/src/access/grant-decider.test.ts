import type { Grant } from '@sentinel/contracts/access';
import type { Approver } from '@sentinel/contracts/approval';
import { type GrantId, money } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import { describe, expect, test } from 'vitest';
import { specification } from '../kernel/specification.ts';
import { type GrantEvent, grantDecider } from './grant-decider.ts';

const at = Temporal.Instant.from('2026-03-03T17:00:00Z');
const alice: Approver = { principal: 'human:alice', identifiedBy: 'passkey', through: 'page' };
const done = { by: alice, at };
const grant: Grant = {
  grantId: '01890000-0000-7000-8000-0000000000a1' as GrantId,
  client: { id: 'claude', name: 'Claude' },
  principal: 'human:alice',
  abilities: ['look'],
  ...{ symbols: null, accounts: null, maxOrderValue: null, maxDayValue: null, expiresAt: null },
};
const { grantId: _, client: __, principal: ___, ...terms } = grant;
const wider = { ...terms, abilities: ['look', 'trade'] } as const;
const { given } = specification(grantDecider);

const granted: GrantEvent = { type: 'AccessGranted', data: { grant, version: 1, ...done } };
const revoked: GrantEvent = {
  type: 'AccessRevoked',
  data: { grant, version: 2, ...done, reason: null },
};
const change = { type: 'ChangeAccess', version: 1, ...done } as const;
const revoke = { type: 'RevokeAccess', reason: 'lost', ...done } as const;
const codeOf = (outcome: ReturnType<typeof grantDecider.decide>) =>
  outcome.ok ? outcome.value.map(({ type }) => type) : outcome.refusal.code;

describe('a grant', () => {
  test('is given once, with abilities in order and lists sorted', () => {
    const tickers = ['NVDA', 'AAPL', 'NVDA'] as Ticker[];
    const loose: Grant = { ...grant, abilities: ['trade', 'look', 'look'], symbols: tickers };
    const outcome = given().when({ type: 'GrantAccess', grant: loose, ...done });
    expect(outcome).toMatchObject({
      value: [{ data: { grant: { abilities: ['look', 'trade'], symbols: ['AAPL', 'NVDA'] } } }],
    });
    expect(codeOf(given(granted).when({ type: 'GrantAccess', grant, ...done }))).toEqual([]);
  });

  test('is changed to whole terms, under the version that was looked at', () => {
    const { when, state } = given(granted);
    expect(state).toMatchObject({ version: 1, standing: 'in_force' });
    expect(when({ ...change, terms: { ...wider, abilities: [...wider.abilities] } })).toMatchObject(
      {
        value: [
          { type: 'AccessChanged', data: { version: 2, grant: { principal: 'human:alice' } } },
        ],
      },
    );
    expect(codeOf(when({ ...change, terms }))).toEqual([]);
    expect(codeOf(when({ ...change, version: 2, terms }))).toBe('ACCESS_CHANGED');
  });

  test('is revoked for good', () => {
    expect(codeOf(given(granted).when(revoke))).toEqual(['AccessRevoked']);
    const over = given(granted, revoked);
    expect(over.state?.standing).toBe('revoked');
    expect(codeOf(over.when(revoke))).toEqual([]);
    expect(codeOf(over.when({ ...change, version: 2, terms }))).toBe('ALREADY_REVOKED');
    expect(codeOf(over.when({ type: 'GrantAccess', grant, ...done }))).toBe('ALREADY_REVOKED');
  });

  test('is not known before it is given', () => {
    expect(codeOf(given().when(revoke))).toBe('UNKNOWN_GRANT');
    expect(codeOf(given().when({ ...change, terms }))).toBe('UNKNOWN_GRANT');
  });

  test.each(['agent:claude', 'system:guard', 'local:alice', 'alice', 'human:', ''])(
    'is nothing that %j gives, changes or revokes',
    (principal) => {
      const by = { ...alice, principal };
      const commands = [
        { type: 'GrantAccess', grant, by, at },
        { ...change, terms, by },
        { ...revoke, by },
      ] as const;
      for (const command of commands)
        expect(codeOf(given(granted).when(command))).toBe('NOT_A_HUMAN');
    },
  );

  test.each([
    ['no symbol', { symbols: [] }],
    ['no account', { accounts: [] }],
    ['an order of nothing', { maxOrderValue: money.zero }],
    ['a day below nothing', { maxDayValue: money.of('-1') }],
    ['an end that has come', { expiresAt: at }],
  ])('has no terms that name %s', (_, wrong) => {
    const bad = { ...terms, ...wrong };
    expect(codeOf(given(granted).when({ ...change, terms: bad }))).toBe('INVALID_TERMS');
    const command = { type: 'GrantAccess', grant: { ...grant, ...wrong }, ...done } as const;
    expect(codeOf(given().when(command))).toBe('INVALID_TERMS');
  });
});
