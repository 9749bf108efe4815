import { tools } from '@sentinel/contracts';
import { type Ability, abilities, type StandingGrant } from '@sentinel/contracts/access';
import { EventStoreUnavailable, type GrantId, type Scope } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import type { Principal } from '../auth/index.ts';
import type { Sentinel } from '../sentinel.ts';
import type { CallOptions } from './call-options.ts';
import { listedFor, pass } from './gate.ts';
import { type PreparedTool, surfaceOf } from './surface.ts';

const now = Temporal.Instant.from('2026-03-03T17:00:00Z');
const grantId = '01890000-0000-7000-8000-0000000000a1' as GrantId;
const client = { id: 'claude', name: 'Claude' };
const agent: Principal = {
  ...{ name: 'agent:claude', kind: 'agent', client, grant: { grantId } },
  // What a token says of its scopes means nothing beside the grant.
  scopes: new Set<Scope>(['read', 'propose', 'trade', 'govern', 'admin']),
};

const everything = surfaceOf({ readOnly: false, toolsets: ['all'] });
const catalogue = (Object.keys(tools) as readonly (keyof typeof tools)[]).map(
  (id) => everything.find(id) as PreparedTool,
);

type Told = Partial<StandingGrant['grant']>;
const standing = (told: Told, version = 3): StandingGrant => ({
  grant: {
    ...{ grantId, client, principal: 'human:alice', abilities: [] },
    ...{ symbols: null, accounts: null, maxOrderValue: null, maxDayValue: null, expiresAt: null },
    ...told,
  },
  version,
  standing: 'in_force',
});

/** A house of the account `paper`, whose log has this grant by now; the rest of it is not asked. */
const houseWith = (
  newest: () => Promise<StandingGrant | undefined>,
  used: () => void = () => undefined,
): CallOptions => ({
  sentinel: () =>
    ({
      access: { newest, used, account: 'paper', now: () => now },
    }) as Partial<Sentinel> as Sentinel,
  newId: () => 'incident-1',
  deskAt: 'https://sentinel.example/desk',
  onFailure: () => undefined,
});
const houseOf = (grant: StandingGrant | undefined) => houseWith(async () => grant);

const subsets = abilities.reduce<readonly (readonly Ability[])[]>(
  (sets, ability) => sets.flatMap((set) => [set, [...set, ability]]),
  [[]],
);
const stops = ['risk.kill_switch_enable', 'governance.suspend_strategy'];
/** The table as people read it, by the word of the reference. */
const needed: Readonly<Record<Scope, Ability | undefined>> = {
  ...{ read: 'look', propose: 'propose', trade: 'trade', govern: 'govern', admin: undefined },
};
const shouldPass = ({ id, scope }: PreparedTool, has: readonly Ability[]): boolean => {
  const wanted = needed[scope];
  return (stops.includes(id) && has.length > 0) || (wanted !== undefined && has.includes(wanted));
};

describe.each(subsets.map((set) => [set.join(' ') || 'nothing', set] as const))(
  'a client that may %s',
  (_, has) => {
    test('is let in to exactly the tools of that, and shown exactly those', async () => {
      const house = houseOf(standing({ abilities: [...has] }));
      const passed: string[] = [];
      for (const tool of catalogue) {
        const outcome = await pass({ tool, principal: agent }, house);
        expect([tool.id, outcome.ok]).toEqual([tool.id, shouldPass(tool, has)]);
        if (outcome.ok) {
          passed.push(tool.listed.name);
          expect(outcome.value.grantVersion).toBe(3);
          continue;
        }
        const { code, message, remedy } = outcome.refusal;
        expect(code).toBe('INSUFFICIENT_SCOPE');
        expect(message).toContain(`insufficient_scope: ${tool.id} needs ${tool.scope}`);
        expect(remedy).toContain('https://sentinel.example/desk');
      }
      const shown = await listedFor({ surface: everything, principal: agent }, house);
      expect(shown.ok && shown.value.map(({ name }) => name).sort()).toEqual(passed.sort());
    });
  },
);

test('the stop is what nobody but a human undoes, and nothing else is one', () => {
  const found = catalogue.flatMap((tool) => (tool.stops ? [tool.id] : []));
  expect(found.sort()).toEqual([...stops].sort());
});

const all = [...abilities];
const other: Principal = { ...agent, grant: undefined };
const closed = [
  ['was revoked', agent, { ...standing({ abilities: all }), standing: 'revoked' }],
  ['has expired', agent, standing({ abilities: all, expiresAt: now })],
  ['is of another account', agent, standing({ abilities: all, accounts: ['live', 'other'] })],
  ['is of no account', agent, standing({ abilities: all, accounts: [] })],
  ['is not in the log', agent, undefined],
  ['was never given', other, standing({ abilities: all })],
] as const satisfies readonly (readonly [string, Principal, StandingGrant | undefined])[];

test.each(closed)(
  'not one tool is called, and none shown, by a grant that %s',
  async (_, principal, grant) => {
    const house = houseOf(grant);
    for (const tool of catalogue) {
      const outcome = await pass({ tool, principal }, house);
      expect([tool.id, outcome.ok || outcome.refusal.code]).toEqual([tool.id, 'NO_ACCESS']);
      if (!outcome.ok) expect(outcome.refusal.remedy).toContain('https://sentinel.example/desk');
    }
    expect((await listedFor({ surface: everything, principal }, house)).ok).toBe(false);
  },
);

test('a grant of this account among others lets in', async () => {
  const house = houseOf(standing({ abilities: all, accounts: ['live', 'paper'] }));
  const [tool] = catalogue;
  expect((await pass({ tool: tool as PreparedTool, principal: agent }, house)).ok).toBe(true);
});

test('what cannot be learnt is not allowed, and what was changed holds at the next call', async () => {
  let newest: () => Promise<StandingGrant> = async () => standing({ abilities: ['look'] });
  let uses = 0;
  const house = houseWith(
    () => newest(),
    () => void uses++,
  );
  const order = everything.find('execution.paper_order') as PreparedTool;
  const called = () => pass({ tool: order, principal: agent }, house);
  expect(await called()).toMatchObject({ refusal: { code: 'INSUFFICIENT_SCOPE' } });
  newest = async () => standing({ abilities: ['look', 'trade'] }, 4);
  expect(await called()).toMatchObject({ ok: true, value: { grantVersion: 4 } });
  expect(uses).toBe(2);
  newest = async () => {
    throw new EventStoreUnavailable('gone');
  };
  expect(await called()).toMatchObject({ refusal: { code: 'UNAVAILABLE' } });
  expect(
    await pass({ tool: order, principal: agent }, { ...house, sentinel: () => undefined }),
  ).toMatchObject({ refusal: { code: 'UNAVAILABLE' } });
});
