import type { Handlers } from '@sentinel/contracts';
import type { VenueTerms } from '@sentinel/contracts/execution';
import type { Digest, EventStore, Money, NewId, Sha256, Timer } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { RiskLimits } from '@sentinel/contracts/risk';
import { type ApprovalRoom, approvalRoom } from '../approval/index.ts';
import { type EvidenceLocker, evidenceLocker, sharingQuotes } from '../market/index.ts';
import {
  type Control,
  controlApprovals,
  controlHandlers,
  controlRoom,
  type Facts,
  type FindSignal,
  type FindStrategy,
  type Guard,
  limitsHandlers,
  riskFacts,
  riskGuard,
} from '../risk/index.ts';
import { proposalApprovals } from './orders/approval-source.ts';
import { changeHandlers } from './orders/change-handlers.ts';
import { factGathering } from './orders/gathering.ts';
import { executionHandlers } from './orders/handlers.ts';
import { placing } from './orders/placement.ts';
import { standingOf } from './orders/standing.ts';
import { paperVenue } from './paper/paper-venue.ts';
import { type Routing, venueRouting } from './routing/routing.ts';
import { type Halting, haltingOf } from './sessions/halting.ts';
import { type SessionStore, sessionStore } from './sessions/session-store.ts';
import { type Sessions, tradingSessions } from './sessions/sessions.ts';
import { windDownHandlers } from './winding/handlers.ts';
import { resetHandlers } from './winding/reset.ts';
import { type WayDown, wayDown } from './winding/way-down.ts';
import { workflowMetadata } from './workflow-metadata.ts';

export type FloorOptions = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly findStrategy: FindStrategy;
  readonly findSignal: FindSignal;
  /** Why the views that people judge risk by have stopped; absent where there are none. */
  readonly viewsProblem?: (() => string | undefined) | undefined;
  /** The ids of all strategies; absent where none are known. */
  readonly strategies?: (() => Promise<readonly string[]>) | undefined;
  readonly newId: NewId;
  readonly digest: Digest;
  readonly codeDigest: Sha256;
  /** Wall clock, for what concerns people; everything else goes by the market's. */
  readonly now: () => Temporal.Instant;
  /** How a call waits for what the house does by itself; without it, it answers at once how that stands. */
  readonly pause?: Timer['pause'] | undefined;
  /** The address at which a human answers what waits for one. */
  readonly approvalsAt?: string | undefined;
  /** Sessions of which some are folded already; by default none is. */
  readonly sessions?: SessionStore;
};

/** What the desks of all accounts have in common, and nothing that is any account's own. */
export type Floor = FloorOptions & {
  readonly control: Control;
  readonly store: SessionStore;
  readonly halting: Halting;
  readonly evidence: EvidenceLocker;
  readonly facts: Facts;
  readonly approvals: ApprovalRoom;
  /** One sentence for whoever asks: where a human answers. */
  readonly howToApprove: string;
  /**
   * Puts `limits` in force where the log holds none yet, and every open session in line; before it,
   * nothing may trade.
   */
  readonly open: (limits: RiskLimits) => Promise<void>;
};

export type AccountOptions = {
  readonly account: string;
  readonly startingCash: Money;
  readonly venue: VenueTerms;
};

/** All that one account trades through: the same in the program, in a test, in a backtest. */
export type Desk = {
  readonly account: string;
  readonly handlers: Handlers<
    | 'ValidateTrade'
    | 'PlaceOrder'
    | 'ProposeOrder'
    | 'ReplaceOrder'
    | 'CancelOrder'
    | 'Reconcile'
    | 'ClosePosition'
    | 'CancelAll'
    | 'FlattenAll'
    | 'ResetPaper'
    | 'EngageHalt'
    | 'RequestHaltRelease'
    | 'SetLimits'
  >;
  readonly sessions: Sessions;
  /** What an order would be judged by now, for whoever reckons and does not order. */
  readonly standing: ReturnType<typeof standingOf>;
  readonly routing: Routing;
  /** Goes on with what is to be wound down. */
  readonly way: WayDown;
  /** Halts by itself what is in danger. */
  readonly guard: Guard;
};

export const tradingFloor = (options: FloorOptions): Floor => {
  const { eventStore, newId, digest, now } = options;
  const market = sharingQuotes(options.market);
  const control = controlRoom({ eventStore, newId });
  const store = options.sessions ?? sessionStore(options);
  const halting = haltingOf({ store, control, now: market.now });
  const howToApprove = `A human opens ${options.approvalsAt ?? '/desk/approvals'} on the machine that Sentinel runs on, or runs \`npm run approve\` there. No tool can answer.`;
  const approvals = approvalRoom({ now, howToApprove });
  approvals.add(controlApprovals({ control, changes: halting, digest }));
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
    howToApprove,
    open: async (limits) => {
      const metadata = workflowMetadata('start-up', newId);
      const first = { type: 'AdoptLimits', limits, onlyFirst: true, at: now() } as const;
      await control.execute(first, metadata);
      await halting.alignAll(metadata);
    },
  };
};

export const tradingDesk = (floor: Floor, options: AccountOptions): Desk => {
  const { market, control, halting, newId, now, digest } = floor;
  const { account } = options;
  const sessions: Sessions = tradingSessions({
    ...floor,
    ...options,
    lastStep: (stream) => routing.lastStep(stream),
  });
  const venue = paperVenue({ market, digest });
  const routing: Routing = venueRouting({
    sessions,
    venue,
    now: market.now,
    metadata: () => workflowMetadata('paper-venue', newId),
  });
  const gathering = factGathering({ sessions, facts: floor.facts });
  const execution = { ...floor, sessions, venue, gathering };
  floor.approvals.add(proposalApprovals(execution));
  const way = wayDown({ ...{ sessions, market, facts: floor.facts }, place: placing(execution) });
  const windingDown = windDownHandlers({ ...floor, sessions, way });
  return {
    account,
    handlers: {
      ...executionHandlers(execution),
      ...changeHandlers(execution),
      ...windingDown,
      ...resetHandlers({ ...options, sessions, market, cancelAll: windingDown.CancelAll }),
      ...controlHandlers({
        ...{ control, changes: halting, newId, now, account },
        strategies: floor.strategies,
        howToApprove: floor.howToApprove,
      }),
      ...limitsHandlers({
        ...{ control, changes: halting, newId, now, digest, account },
        howToApprove: floor.howToApprove,
      }),
    },
    guard: riskGuard({
      ...{ market, halting, now },
      load: async (stream) => {
        const { state } = await sessions.load(stream);
        return state.phase === 'open' ? state : undefined;
      },
      metadata: () => workflowMetadata('guard', newId),
    }),
    sessions,
    standing: standingOf({ sessions, facts: floor.facts }),
    routing,
    way,
  };
};
