import type { Handlers } from '@sentinel/contracts';
import {
  accepted,
  approvalRequestIdSchema,
  haltIdSchema,
  instantSchema,
  type ReadStore,
  streamName,
  z,
} from '@sentinel/contracts/kernel';
import { haltScopeSchema, type TradingState } from '@sentinel/contracts/risk';
import { answering, codedRow, type Fact, projection } from '../kernel/index.ts';

const halt = z.strictObject({
  haltId: haltIdSchema,
  scope: haltScopeSchema,
  target: z.string().nullable(),
  /** Null where it covers every account. */
  account: z.string().nullable(),
  reason: z.string(),
  engagedBy: z.string(),
  engagedAt: instantSchema,
});
type Halt = z.output<typeof halt>;

const release = z.strictObject({
  requestId: approvalRequestIdSchema,
  haltId: haltIdSchema,
  reason: z.string(),
  requestedBy: z.string(),
  requestedAt: instantSchema,
  expiresAt: instantSchema,
});
type Release = z.output<typeof release>;

const row = z.strictObject({ halts: halt.array(), releases: release.array() });
type KillSwitch = z.output<typeof row>;

const control = streamName('control');
const none: KillSwitch = { halts: [], releases: [] };

const haltOf = ({ event: { data } }: Fact<'HaltEngaged'>): Halt => ({
  haltId: data.haltId,
  scope: data.scope,
  target: data.target,
  account: data.account ?? null,
  reason: data.reason,
  engagedBy: data.engagedBy,
  engagedAt: data.engagedAt,
});

const releaseOf = ({ event: { data } }: Fact<'HaltReleaseRequested'>): Release => ({
  requestId: data.requestId,
  haltId: data.haltId,
  reason: data.reason,
  requestedBy: data.requestedBy,
  requestedAt: data.requestedAt,
  expiresAt: data.expiresAt,
});

const types = [
  'HaltEngaged',
  'HaltReleased',
  'HaltReleaseRequested',
  'HaltReleaseExpired',
  'ApprovalDeclined',
] as const;

const evolve = (
  { halts, releases }: KillSwitch,
  { event, recorded }: Fact<(typeof types)[number]>,
): KillSwitch => {
  switch (event.type) {
    case 'HaltEngaged':
      return {
        halts: [
          ...halts.filter(({ haltId }) => haltId !== event.data.haltId),
          haltOf({ event, recorded }),
        ],
        releases,
      };
    case 'HaltReleaseRequested':
      return {
        halts,
        releases: [
          ...releases.filter(stillOpenAt(event.data.requestedAt)),
          releaseOf({ event, recorded }),
        ],
      };
    case 'HaltReleaseExpired':
    case 'ApprovalDeclined':
      return {
        halts,
        releases: releases.filter(({ requestId }) => requestId !== event.data.requestId),
      };
    case 'HaltReleased':
      return {
        halts: halts.filter(({ haltId }) => haltId !== event.data.haltId),
        releases: releases.filter(({ haltId }) => haltId !== event.data.haltId),
      };
  }
};

const stillOpenAt =
  (now: Temporal.Instant) =>
  ({ expiresAt }: Release): boolean =>
    Temporal.Instant.compare(now, expiresAt) < 0;

/** One row: the halts of the control stream. Sessions carry copies, which are not counted again. */
export const killSwitch = projection({
  view: 'kill_switch',
  version: 3,
  row: codedRow(row),
  types,
  keys: ({ recorded }) => (recorded.stream === control ? [control] : []),
  evolve: (before, fact) => evolve(before ?? none, fact),
  fields: [],
  fieldsOf: () => ({}),
});

/** A halt of everything or of an account lets only orders through that shrink a position; the others bind their target alone. */
const tradingStateOf = (halts: readonly Halt[]): TradingState =>
  halts.some(({ scope }) => scope === 'global' || scope === 'account') ? 'REDUCING' : 'ACTIVE';

/** `now` is the wall clock, by which release requests expire. */
export const riskQueryHandlers = ({
  readStore,
  now,
}: {
  readonly readStore: ReadStore;
  readonly now: () => Temporal.Instant;
}): Handlers<'GetKillSwitchStatus'> => ({
  GetKillSwitchStatus: ({ min_position }) =>
    answering(readStore, min_position, async () => {
      const { value: stored, logPosition } = await readStore.get(killSwitch.view, control);
      const { halts, releases } = stored === undefined ? none : killSwitch.row.parse(stored);
      return {
        value: accepted({
          trading_state: tradingStateOf(halts),
          halts: halts.map((halt) => ({
            halt_id: halt.haltId,
            scope: halt.scope,
            target: halt.target,
            account: halt.account,
            reason: halt.reason,
            engaged_by: halt.engagedBy,
            engaged_at: halt.engagedAt,
          })),
          pending_releases: releases.filter(stillOpenAt(now())).map((request) => ({
            request_id: request.requestId,
            halt_id: request.haltId,
            expires_at: request.expiresAt,
          })),
        }),
        logPosition,
      };
    }),
});
