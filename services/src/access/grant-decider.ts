import {
  abilities,
  type Grant,
  type GrantTerms,
  type grantEvents,
  type StandingGrant,
} from '@sentinel/contracts/access';
import type { Approver } from '@sentinel/contracts/approval';
import {
  accepted,
  type EventOf,
  isBefore,
  type Outcome,
  refused,
} from '@sentinel/contracts/kernel';
import type { Decider } from '../kernel/index.ts';
import { type AccessRefusal, notByHuman } from './by-human.ts';

export type GrantEvent = EventOf<typeof grantEvents>;

/** Null before it is given. */
export type GrantState = StandingGrant | null;

/** Who does it, as it was proved, and when by the wall clock. */
type Done = { readonly by: Approver; readonly at: Temporal.Instant };

export type GrantCommand =
  | ({ readonly type: 'GrantAccess'; readonly grant: Grant } & Done)
  | ({
      readonly type: 'ChangeAccess';
      readonly terms: GrantTerms;
      /** The version that was looked at: another is not changed. */
      readonly version: number;
    } & Done)
  | ({ readonly type: 'RevokeAccess'; readonly reason: string | null } & Done);

type Decision = Outcome<readonly GrantEvent[], AccessRefusal>;

/** Abilities once each and in order, lists sorted: the same terms are the same text. */
const inOrder = <Terms extends GrantTerms>(terms: Terms): Terms => ({
  ...terms,
  abilities: abilities.filter((each) => terms.abilities.includes(each)),
  symbols: terms.symbols === null ? null : [...new Set(terms.symbols)].sort(),
  accounts: terms.accounts === null ? null : [...new Set(terms.accounts)].sort(),
});

const unfit = (
  { symbols, accounts, maxOrderValue, maxDayValue, expiresAt }: GrantTerms,
  at: Temporal.Instant,
): Extract<Decision, { ok: false }> | undefined => {
  const wrong = (message: string, remedy: string) => refused('INVALID_TERMS', message, remedy);
  if (symbols?.length === 0 || accounts?.length === 0)
    return wrong('A list of nothing allows nothing.', 'Name some, or none for any.');
  if ([maxOrderValue, maxDayValue].some((value) => value !== null && value <= 0n))
    return wrong('A value must be above zero.', 'Leave the ability out instead.');
  if (expiresAt !== null && !isBefore(at, expiresAt))
    return wrong(`It would have ended at ${expiresAt} already.`, 'Name a later end, or revoke it.');
  return undefined;
};

const sameTerms = (a: GrantTerms, b: GrantTerms): boolean => {
  const text = ({ symbols, accounts, ...terms }: GrantTerms) =>
    [
      ...[terms.abilities, symbols ?? 'any', accounts ?? 'any'],
      ...[terms.maxOrderValue, terms.maxDayValue, terms.expiresAt],
    ].join('|');
  return text(a) === text(b);
};

const revoked = refused(
  'ALREADY_REVOKED',
  'The grant was revoked, and is never given back.',
  'Give another one: the client logs in anew.',
);

const decideStanding = (
  command: Exclude<GrantCommand, { type: 'GrantAccess' }>,
  { grant, version, standing }: StandingGrant,
): Decision => {
  const { by, at } = command;
  if (command.type === 'RevokeAccess') {
    if (standing === 'revoked') return accepted([]);
    const { reason } = command;
    return accepted([
      { type: 'AccessRevoked', data: { grant, version: version + 1, by, at, reason } },
    ]);
  }
  if (standing === 'revoked') return revoked;
  if (command.version !== version)
    return refused(
      'ACCESS_CHANGED',
      `Version ${command.version} was looked at, and ${version} is in force.`,
      'Look at it again.',
    );
  const terms = inOrder(command.terms);
  const wrong = unfit(terms, at);
  if (wrong !== undefined) return wrong;
  if (sameTerms(terms, grant)) return accepted([]);
  return accepted([
    {
      type: 'AccessChanged',
      data: { grant: { ...grant, ...terms }, version: version + 1, by, at },
    },
  ]);
};

/** One grant: given once, changed as often as a human likes, and revoked for good. */
export const grantDecider: Decider<GrantCommand, GrantState, GrantEvent, AccessRefusal> = {
  initialState: null,
  decide: (command, state) => {
    const { by, at } = command;
    const stranger = notByHuman(by);
    if (stranger !== undefined) return stranger;
    if (command.type !== 'GrantAccess')
      return state === null
        ? refused('UNKNOWN_GRANT', 'There is no such grant.', 'List the grants.')
        : decideStanding(command, state);
    if (state?.standing === 'revoked') return revoked;
    if (state !== null) return accepted([]);
    const grant = inOrder(command.grant);
    return (
      unfit(grant, at) ?? accepted([{ type: 'AccessGranted', data: { grant, version: 1, by, at } }])
    );
  },
  evolve: (_, { type, data: { grant, version } }) => ({
    grant,
    version,
    standing: type === 'AccessRevoked' ? 'revoked' : 'in_force',
  }),
};
