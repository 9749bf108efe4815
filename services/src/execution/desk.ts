import type { Handlers } from '@sentinel/contracts';
import type { VenueTerms } from '@sentinel/contracts/execution';
import type {
  Digest,
  EventMetadata,
  EventStore,
  Money,
  NewId,
  Sha256,
  StreamName,
} from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { RiskLimits } from '@sentinel/contracts/risk';
import { type EvidenceLocker, evidenceLocker } from '../market/index.ts';
import {
  type Approvals,
  type Control,
  controlHandlers,
  controlRoom,
  releaseApprovals,
} from '../risk/index.ts';
import { changeHandlers } from './change-handlers.ts';
import { type Facts, type FindSignal, type FindStrategy, riskFacts } from './facts.ts';
import { type Guard, riskGuard } from './guard.ts';
import { executionHandlers } from './handlers.ts';
import { type PaperBroker, paperBroker } from './paper-broker.ts';
import { type Sessions, tradingSessions } from './sessions.ts';

export type DeskOptions = {
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
  readonly account: string;
  readonly startingCash: Money;
  readonly venue: VenueTerms;
  /** Called once an order stands in the log. */
  readonly onSubmitted: (stream: StreamName) => void;
};

/** All that one account trades through: the same in the program, in a test, in a backtest. */
export type Desk = {
  readonly handlers: Handlers<
    | 'ValidateTrade'
    | 'PlaceOrder'
    | 'ReplaceOrder'
    | 'CancelOrder'
    | 'Reconcile'
    | 'EngageHalt'
    | 'RequestHaltRelease'
  >;
  readonly approvals: Approvals;
  readonly control: Control;
  readonly sessions: Sessions;
  readonly broker: PaperBroker;
  /** Halts by itself what is in danger. */
  readonly guard: Guard;
  readonly evidence: EvidenceLocker;
  readonly facts: Facts;
  /** Puts the limits in force and every open session in line; before it, nothing may trade. */
  readonly open: (limits: RiskLimits) => Promise<void>;
};

/** Who the house is when it acts by itself. */
export const workflowMetadata = (workflow: string, newId: NewId): EventMetadata => {
  const correlationId = newId();
  return {
    principal: `system:${workflow}`,
    client: 'sentinel',
    tool: workflow,
    correlationId,
    causationId: correlationId,
  };
};

export const tradingDesk = (options: DeskOptions): Desk => {
  const { eventStore, market, newId, digest, codeDigest, now, onSubmitted } = options;
  const control = controlRoom({ eventStore, newId });
  const sessions: Sessions = tradingSessions({
    ...options,
    control,
    beforeClosing: (stream) => broker.lastLook(stream),
  });
  const evidence = evidenceLocker({ eventStore, newId, digest });
  const facts = riskFacts({
    market,
    evidence,
    findStrategy: options.findStrategy,
    findSignal: options.findSignal,
    viewsProblem: options.viewsProblem,
  });
  const broker: PaperBroker = paperBroker({
    sessions,
    market,
    metadata: () => workflowMetadata('paper-venue', newId),
  });
  const { doubt, align } = sessions;
  const execution = { sessions, market, facts, newId, digest, codeDigest, onSubmitted };
  const controlOptions = { control, doubt, align, newId, now };
  const controls = controlHandlers(controlOptions);
  const guard = riskGuard({
    sessions,
    market,
    engage: controls.EngageHalt,
    metadata: () => workflowMetadata('guard', newId),
  });
  return {
    handlers: {
      ...executionHandlers(execution),
      ...changeHandlers(execution),
      ...controls,
    },
    guard,
    approvals: releaseApprovals({ ...controlOptions, digest }),
    control,
    sessions,
    broker,
    evidence,
    facts,
    open: async (limits) => {
      const metadata = workflowMetadata('start-up', newId);
      await control.execute({ type: 'AdoptLimits', limits, at: now() }, metadata);
      await sessions.align(metadata);
    },
  };
};
