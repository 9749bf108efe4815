import type { Handlers } from '@sentinel/contracts';
import { accepted, type ReadStore, streamName } from '@sentinel/contracts/kernel';
import {
  type Halt,
  haltSchema,
  type ReleaseRequest,
  releaseRequestSchema,
  riskQueries,
  type TradingState,
} from '@sentinel/contracts/risk';
import { answering, type Fact, projection } from '../kernel/index.ts';

type KillSwitch = { readonly halts: readonly Halt[]; readonly releases: readonly ReleaseRequest[] };

const control = streamName('control');
const none: KillSwitch = { halts: [], releases: [] };
const output = riskQueries.GetKillSwitchStatus.output;

const evolve = (
  { halts, releases }: KillSwitch,
  { event }: Fact<'HaltEngaged' | 'HaltReleased' | 'HaltReleaseRequested'>,
): KillSwitch => {
  switch (event.type) {
    case 'HaltEngaged':
      return {
        halts: [...halts.filter(({ haltId }) => haltId !== event.data.haltId), event.data],
        releases,
      };
    case 'HaltReleaseRequested':
      return {
        halts,
        releases: [...releases.filter(stillOpenAt(event.data.requestedAt)), event.data],
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
  ({ expiresAt }: ReleaseRequest): boolean =>
    Temporal.Instant.compare(now, expiresAt) < 0;

/** One row: the halts of the control stream. Sessions carry copies, which are not counted again. */
export const killSwitch = projection({
  view: 'kill_switch',
  version: 1,
  row: output
    .pick({})
    .extend({ halts: haltSchema.array(), releases: releaseRequestSchema.array() }),
  types: ['HaltEngaged', 'HaltReleased', 'HaltReleaseRequested'],
  keys: ({ recorded }) => (recorded.stream === control ? [control] : []),
  evolve: (row, fact) => {
    const { halts, releases } = evolve(row ?? none, fact);
    return { halts: [...halts], releases: [...releases] };
  },
  fields: [],
  fieldsOf: () => ({}),
});

/** A global halt lets only orders through that shrink a position; the others bind their target alone. */
const tradingStateOf = (halts: readonly Halt[]): TradingState =>
  halts.some(({ scope }) => scope === 'global') ? 'REDUCING' : 'ACTIVE';

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
      const { value: row, position } = await readStore.get(killSwitch.view, control);
      const { halts, releases } = row === undefined ? none : killSwitch.row.parse(row);
      return {
        value: accepted({
          trading_state: tradingStateOf(halts),
          halts: halts.map((halt) => ({
            halt_id: halt.haltId,
            scope: halt.scope,
            target: halt.target,
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
        position,
      };
    }),
});
