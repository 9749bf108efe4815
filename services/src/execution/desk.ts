import type { Venue, WorkingOrder } from '@sentinel/contracts/execution';
import { grantRoom } from '../access/index.ts';
import { approvalRoom } from '../approval/index.ts';
import { serially } from '../kernel/index.ts';
import { evidenceLocker, sharingQuotes } from '../market/index.ts';
import {
  controlApprovals,
  controlHandlers,
  controlRoom,
  limitsHandlers,
  riskFacts,
  riskGuard,
} from '../risk/index.ts';
import type {
  AccountOptions,
  Desk,
  DeskHands,
  Floor,
  FloorHands,
  FloorOptions,
} from './desk-types.ts';
import { proposalApprovals } from './orders/approval-source.ts';
import { changeHandlers } from './orders/change-handlers.ts';
import { factGathering } from './orders/gathering.ts';
import { executionHandlers } from './orders/handlers.ts';
import { placing } from './orders/placement.ts';
import { accountReading } from './orders/reading.ts';
import { standingOf } from './orders/standing.ts';
import { withinGrant } from './orders/within-grant.ts';
import { paperVenue } from './paper/paper-venue.ts';
import { fencedVenue } from './routing/fenced-venue.ts';
import { type Routing, venueRouting } from './routing/routing.ts';
import type { Session } from './session/index.ts';
import { haltingOf } from './sessions/halting.ts';
import { sessionStore } from './sessions/session-store.ts';
import { type Sessions, tradingSessions } from './sessions/sessions.ts';
import { tellingGrants } from './sessions/telling-grants.ts';
import { windDownHandlers } from './winding/handlers.ts';
import { ledBy } from './winding/led-by.ts';
import { resetHandlers } from './winding/reset.ts';
import { wayDown } from './winding/way-down.ts';
import { workflowMetadata } from './workflow-metadata.ts';

export type { AccountOptions, Desk, Floor, FloorOptions } from './desk-types.ts';

export const tradingFloor = (options: FloorOptions): Floor => {
  const { eventStore, newId, digest, now } = options;
  const market = sharingQuotes(options.market);
  const control = options.control ?? controlRoom({ eventStore, newId });
  const store = options.sessions ?? sessionStore(options);
  const halting = haltingOf({ store, control, now: market.now });
  const howToApprove = `A human opens ${options.approvalsAt ?? '/desk/approvals'} on the machine that Sentinel runs on, or runs \`npm run approve\` there. No tool can answer.`;
  const approvals = approvalRoom({ now, howToApprove });
  approvals.add(controlApprovals({ control, changes: halting, digest }));
  const grants = grantRoom({
    ...{ eventStore, newId, now, writesAlone: options.writesAlone === true },
    tell: tellingGrants({ store, control }),
  });
  const evidence = evidenceLocker({ eventStore, newId, digest });
  return {
    ...options,
    market,
    control,
    store,
    halting,
    evidence,
    facts: riskFacts({ ...options, market, evidence }),
    approvals,
    grants,
    howToApprove,
    open: async (limits) => {
      const metadata = workflowMetadata('start-up', newId);
      const first = { type: 'AdoptLimits', limits, onlyFirst: true, at: now() } as const;
      await control.execute(first, metadata);
      await halting.alignAll(metadata);
    },
    under: (fence) => ({
      control: control.under(fence),
      store: store.under(fence),
      halting: halting.under(fence),
    }),
  };
};

/** What sends an account's commands, over a venue and what sends those of the floor. */
const handsOf = (floor: Floor, options: AccountOptions) => {
  const { market, newId, now } = floor;
  const inTurn = serially<string>();
  const sent = new WeakSet<WorkingOrder>();
  const led = ledBy(floor.eventStore);
  return (hands: FloorHands, venue: Venue<Session>): DeskHands => {
    const { halting } = hands;
    const sessions: Sessions = tradingSessions({
      ...{ market, inTurn, ...hands, ...options },
      lastStep: (stream) => routing.lastStep(stream),
    });
    const routing: Routing = venueRouting({
      ...{ sessions, venue, sent },
      now: market.now,
      metadata: () => workflowMetadata('paper-venue', newId),
    });
    const gathering = factGathering({ ...floor, sessions });
    const place = placing({ ...floor, sessions, gathering });
    const way = wayDown({ ...floor, sessions, place, ledBy: led });
    const guard = riskGuard({
      ...{ market, halting, now },
      load: async (stream) => {
        const { state } = await sessions.load(stream);
        return state.phase === 'open' ? state : undefined;
      },
      metadata: () => workflowMetadata('guard', newId),
    });
    return { sessions, routing, guard, way };
  };
};

export const tradingDesk = (floor: Floor, options: AccountOptions): Desk => {
  const { market, halting, digest } = floor;
  const { account } = options;
  const over = handsOf(floor, options);
  const venue = paperVenue({ market, digest });
  const hands = over(floor, venue);
  const { sessions } = hands;
  const gathering = factGathering({ ...floor, sessions });
  const execution = { ...floor, sessions, venue, gathering };
  const ordering = executionHandlers(execution);
  const windingDown = windDownHandlers({ ...floor, ...hands });
  floor.approvals.add(proposalApprovals(execution));
  return {
    account,
    ...hands,
    handlers: {
      ...ordering,
      ...changeHandlers(execution),
      ...withinGrant({ ...ordering, ...windingDown }, { ...floor, sessions }),
      ...resetHandlers({ ...options, ...hands, market, flattenAll: windingDown.FlattenAll }),
      ...controlHandlers({ ...floor, changes: halting, account }),
      ...limitsHandlers({ ...floor, changes: halting, account }),
    },
    standing: standingOf({ ...floor, sessions }),
    reading: accountReading({ account, sessions, market }),
    under: (fence) => over(floor.under(fence), fencedVenue(venue, fence)),
  };
};
