import { grantEvents, type StandingGrant } from '@sentinel/contracts/access';
import {
  decodeEvent,
  type EventMetadata,
  type EventStore,
  type GrantId,
  isBefore,
  type NewId,
  type Outcome,
  refused,
  streamName,
} from '@sentinel/contracts/kernel';
import type { RiskFacts } from '@sentinel/contracts/risk';
import { aggregate, readPages } from '../kernel/index.ts';
import type { AccessRefusal } from './by-human.ts';
import { type GrantCommand, type GrantEvent, grantDecider } from './grant-decider.ts';

export type Asks = NonNullable<RiskFacts['grant']>['asks'];

/** Who asks for an order: by which grant, and for which ability. */
export type Asking = { readonly metadata: EventMetadata; readonly asks: Asks };

export type Grants = {
  /**
   * The grant as the log has it now; undefined where there is none of this id. @throws what the event store
   * throws: who cannot learn what is allowed allows nothing
   */
  readonly newest: (grantId: GrantId) => Promise<StandingGrant | undefined>;
  /** All that was ever said of it, oldest first; empty where there is none of this id. @throws as `newest` */
  readonly history: (grantId: GrantId) => Promise<readonly GrantEvent[]>;
  /** The same as a fact of an order; undefined for who needs none, null for who lacks one. */
  readonly factFor: (asking: Asking) => Promise<RiskFacts['grant']>;
  /**
   * Gives, changes or revokes. Once it returns, no order rests on what it was before, at any gateway, and no
   * call that begins later is allowed what it was. The way in is the desk: no tool leads here.
   */
  readonly execute: (
    grantId: GrantId,
    command: GrantCommand,
    metadata: EventMetadata,
  ) => Promise<Outcome<StandingGrant, AccessRefusal>>;
};

/** Whether it allows anything at `at`, by the wall clock. */
export const isInForce = ({ grant, standing }: StandingGrant, at: Temporal.Instant): boolean =>
  standing === 'in_force' && (grant.expiresAt === null || isBefore(at, grant.expiresAt));

/** Kinds of principals that may do nothing without a grant. */
const needsGrant = ({ principal }: EventMetadata): boolean => principal.startsWith('agent:');

export const grantRoom = (options: {
  readonly eventStore: EventStore;
  readonly newId: NewId;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
  /**
   * True where nobody but this process writes the log, so that what it folded last is the newest there is.
   * Else the stream is read on with each question.
   */
  readonly writesAlone: boolean;
  /** Tells every open session of a change, and returns once it stands in each. */
  readonly tell: (
    change: { readonly told: StandingGrant; readonly at: Temporal.Instant },
    metadata: EventMetadata,
  ) => Promise<void>;
}): Grants => {
  const { now, writesAlone, tell } = options;
  const grants = aggregate({ ...options, definitions: grantEvents, decider: grantDecider });
  const look = writesAlone ? grants.load : grants.refresh;
  const streamOf = (grantId: GrantId) => streamName('grant', grantId);

  const newest: Grants['newest'] = async (grantId) =>
    (await look(streamOf(grantId))).state ?? undefined;

  return {
    newest,
    history: async (grantId) => {
      const events: GrantEvent[] = [];
      for await (const page of readPages(options.eventStore, streamOf(grantId)))
        events.push(...page.map((each) => decodeEvent(grantEvents, each)));
      return events;
    },
    factFor: async ({ metadata, asks }) => {
      const { grantId } = metadata;
      if (grantId === undefined) return needsGrant(metadata) ? null : undefined;
      const standing = await newest(grantId);
      return standing === undefined ? null : { ...standing, asks, at: now() };
    },
    execute: async (grantId, command, metadata) => {
      if (command.type === 'GrantAccess' && command.grant.grantId !== grantId)
        throw new Error(`the grant ${command.grant.grantId} has no place at ${grantId}`);
      const outcome = await grants.execute(streamOf(grantId), command, metadata);
      if (!outcome.ok) return outcome;
      const { state } = outcome.value;
      if (state === null)
        return refused('UNKNOWN_GRANT', 'There is no such grant.', 'List the grants.');
      // Also where nothing had to be written: whoever wrote it may have ended before it told the sessions.
      if (state.version > 1) await tell({ told: state, at: now() }, metadata);
      return { ok: true, value: state };
    },
  };
};
