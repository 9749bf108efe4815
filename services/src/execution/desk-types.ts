import type { Handlers } from '@sentinel/contracts';
import type { VenueTerms } from '@sentinel/contracts/execution';
import type { Digest, EventStore, Money, NewId, Sha256, Timer } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { RiskLimits } from '@sentinel/contracts/risk';
import type { Grants } from '../access/index.ts';
import type { ApprovalRoom } from '../approval/index.ts';
import type { Fence } from '../kernel/index.ts';
import type { EvidenceLocker } from '../market/index.ts';
import type {
  Control,
  CountOrder,
  Facts,
  FindSignal,
  FindStrategy,
  Guard,
  ReadAccount,
} from '../risk/index.ts';
import type { standingOf } from './orders/standing.ts';
import type { Routing } from './routing/routing.ts';
import type { Halting } from './sessions/halting.ts';
import type { SessionStore } from './sessions/session-store.ts';
import type { Sessions } from './sessions/sessions.ts';
import type { WayDown } from './winding/way-down.ts';

export type FloorOptions = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly findStrategy: FindStrategy;
  readonly findSignal: FindSignal;
  /** Why the views that people judge risk by have stopped; absent where there are none. */
  readonly viewsProblem?: (() => string | undefined) | undefined;
  /** Counts orders for all gateways together; absent where nobody does. */
  readonly countOrder?: CountOrder | undefined;
  /** The ids of all strategies; absent or undefined where they are not known. */
  readonly strategies?: (() => Promise<readonly string[] | undefined>) | undefined;
  readonly newId: NewId;
  readonly digest: Digest;
  readonly codeDigest: Sha256;
  /** Wall clock, for what concerns people; everything else goes by the market's. */
  readonly now: () => Temporal.Instant;
  /** How a call waits for what the house does by itself; without it, it answers at once how that stands. */
  readonly pause?: Timer['pause'] | undefined;
  /** True where nobody but this process writes the log; every grant is read anew where that is not said. */
  readonly writesAlone?: boolean | undefined;
  /** The address at which a human answers what waits for one. */
  readonly approvalsAt?: string | undefined;
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
  readonly approvals: ApprovalRoom;
  /** What clients may do. */
  readonly grants: Grants;
  /** One sentence for whoever asks: where a human answers. */
  readonly howToApprove: string;
  /**
   * Puts `limits` in force where the log holds none yet, and every open session in line; before it,
   * nothing may trade.
   */
  readonly open: (limits: RiskLimits) => Promise<void>;
  /** Its commands for one who may lose the right to send them. */
  readonly under: (fence: Fence) => FloorHands;
};

/** What sends the commands of the floor. */
export type FloorHands = Pick<Floor, 'control' | 'store' | 'halting'>;

export type AccountOptions = {
  readonly account: string;
  readonly startingCash: Money;
  readonly venue: VenueTerms;
};

/** What sends the commands of one account that nobody asks for. */
export type DeskHands = {
  readonly sessions: Sessions;
  readonly routing: Routing;
  /** Halts by itself what is in danger. */
  readonly guard: Guard;
  /** Goes on with what is to be wound down. */
  readonly way: WayDown;
};

/** All that one account trades through: the same in the program, in a test, in a backtest. */
export type Desk = DeskHands & {
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
  /** What an order would be judged by now, for whoever reckons and does not order. */
  readonly standing: ReturnType<typeof standingOf>;
  /** How the account stands. */
  readonly reading: ReadAccount;
  /** Its commands for one who may lose the right to send them. */
  readonly under: (fence: Fence) => DeskHands;
};
