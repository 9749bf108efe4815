import type { Handlers } from '@sentinel/contracts';
import type { Venue, VenueTerms, WorkingOrder } from '@sentinel/contracts/execution';
import type { Approvals } from '@sentinel/contracts/governance';
import type { Digest, EventStore, Money, NewId, Sha256 } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { RiskLimits } from '@sentinel/contracts/risk';
import { type Fence, serially } from '../kernel/index.ts';
import { type EvidenceLocker, evidenceLocker, sharingQuotes } from '../market/index.ts';
import {
  type Control,
  controlHandlers,
  controlRoom,
  type Facts,
  type FindSignal,
  type FindStrategy,
  type Guard,
  type ReadAccount,
  releaseApprovals,
  riskFacts,
  riskGuard,
} from '../risk/index.ts';
import { changeHandlers } from './orders/change-handlers.ts';
import { factGathering } from './orders/gathering.ts';
import { executionHandlers } from './orders/handlers.ts';
import { accountReading } from './orders/reading.ts';
import { standingOf } from './orders/standing.ts';
import { paperVenue } from './paper/paper-venue.ts';
import { fencedVenue } from './routing/fenced-venue.ts';
import { type Routing, venueRouting } from './routing/routing.ts';
import type { Session } from './session/index.ts';
import { type Halting, haltingOf } from './sessions/halting.ts';
import { type SessionStore, sessionStore } from './sessions/session-store.ts';
import { type Sessions, tradingSessions } from './sessions/sessions.ts';
import { workflowMetadata } from './workflow-metadata.ts';

export type FloorOptions = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly findStrategy: FindStrategy;
  readonly findSignal: FindSignal;
  /** Why the views that people judge risk by have stopped; absent where there are none. */
  readonly viewsProblem?: (() => string | undefined) | undefined;
  readonly newId: NewId;
  readonly digest: Digest;
  readonly codeDigest: Sha256;
  /** Wall clock, for what concerns people; everything else goes by the market's. */
  readonly now: () => Temporal.Instant;
  /** Sessions of which some are folded already; by default none is. */
  readonly sessions?: SessionStore;
  /** The control stream, folded already; by default it is not. */
  readonly control?: Control;
};

/** What the desks of all accounts have in common, and nothing that is any account's own. */
export type Floor = FloorOptions & {
  readonly control: Control;
  readonly store: SessionStore;
  readonly halting: Halting;
  readonly evidence: EvidenceLocker;
  readonly facts: Facts;
  readonly approvals: Approvals;
  /**
   * Puts `limits` in force where the log holds none yet, and every open session in line; before it,
   * nothing may trade.
   */
  readonly open: (limits: RiskLimits) => Promise<void>;
  /** Its commands for one who may lose the right to send them. */
  readonly under: (fence: Fence) => FloorHands;
};

/** What sends the commands of the floor. */
type FloorHands = Pick<Floor, 'control' | 'store' | 'halting'>;

export type AccountOptions = {
  readonly account: string;
  readonly startingCash: Money;
  readonly venue: VenueTerms;
};

/** What sends the commands of one account that nobody asks for. */
type DeskHands = {
  readonly sessions: Sessions;
  readonly routing: Routing;
  /** Halts by itself what is in danger. */
  readonly guard: Guard;
};

/** All that one account trades through: the same in the program, in a test, in a backtest. */
export type Desk = DeskHands & {
  readonly account: string;
  readonly handlers: Handlers<
    | 'ValidateTrade'
    | 'PlaceOrder'
    | 'ReplaceOrder'
    | 'CancelOrder'
    | 'Reconcile'
    | 'EngageHalt'
    | 'RequestHaltRelease'
  >;
  /** What an order would be judged by now, for whoever reckons and does not order. */
  readonly standing: ReturnType<typeof standingOf>;
  /** How the account stands. */
  readonly reading: ReadAccount;
  /** Its commands for one who may lose the right to send them. */
  readonly under: (fence: Fence) => DeskHands;
};

export const tradingFloor = (options: FloorOptions): Floor => {
  const { eventStore, newId, digest, now } = options;
  const market = sharingQuotes(options.market);
  const control = options.control ?? controlRoom({ eventStore, newId });
  const store = options.sessions ?? sessionStore(options);
  const halting = haltingOf({ store, control, now: market.now });
  const evidence = evidenceLocker({ eventStore, newId, digest });
  return {
    ...options,
    market,
    control,
    store,
    halting,
    evidence,
    facts: riskFacts({ ...options, market, evidence }),
    approvals: releaseApprovals({ control, changes: halting, newId, now, digest }),
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
    const guard = riskGuard({
      ...{ market, halting, now },
      load: async (stream) => {
        const { state } = await sessions.load(stream);
        return state.phase === 'open' ? state : undefined;
      },
      metadata: () => workflowMetadata('guard', newId),
    });
    return { sessions, routing, guard };
  };
};

export const tradingDesk = (floor: Floor, options: AccountOptions): Desk => {
  const { market, control, halting, newId, now, digest } = floor;
  const { account } = options;
  const over = handsOf(floor, options);
  const venue = paperVenue({ market, digest });
  const hands = over(floor, venue);
  const { sessions } = hands;
  const gathering = factGathering({ sessions, facts: floor.facts });
  const execution = { ...floor, sessions, venue, gathering };
  return {
    account,
    ...hands,
    handlers: {
      ...executionHandlers(execution),
      ...changeHandlers(execution),
      ...controlHandlers({ control, changes: halting, newId, now, account }),
    },
    standing: standingOf({ ...floor, sessions }),
    reading: accountReading({ account, sessions, market }),
    under: (fence) => over(floor.under(fence), fencedVenue(venue, fence)),
  };
};
