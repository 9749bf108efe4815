import type { Handlers } from '@sentinel/contracts';
import type { BacktestResult } from '@sentinel/contracts/governance';
import type {
  Digest,
  EventMetadata,
  EventStore,
  NewId,
  Outcome,
  StreamName,
} from '@sentinel/contracts/kernel';
import type { ApprovalSource, Approvals } from '../approval/index.ts';
import type { Fence, SnapshotOptions, Workflow } from '../kernel/index.ts';
import type { Control, ControlChanges } from '../risk/index.ts';
import { promotionSource } from './approval-source.ts';
import { promotionAnswers } from './approvals.ts';
import { strategyBook } from './book.ts';
import { evidenceGathering, type StrategyIndex } from './evidence.ts';
import { governanceHandlers } from './handlers.ts';
import { accountRecords } from './record/account-records.ts';
import { forwardEvidence } from './record/forward.ts';
import { holders } from './record/holders.ts';
import { registerStrategies } from './registration.ts';
import { governanceResidents } from './residents.ts';
import { stopping } from './stopping.ts';

export type GovernanceOptions = {
  readonly eventStore: EventStore;
  readonly control: Control;
  readonly halting: ControlChanges;
  /** Both for one who may lose the right to send commands. */
  readonly under: (fence: Fence) => {
    readonly control: Control;
    readonly halting: ControlChanges;
  };
  readonly index: StrategyIndex;
  /** The one way by which a human answers whatever waits for one. */
  readonly answer: Approvals['answer'];
  readonly newId: NewId;
  readonly digest: Digest;
  /** Where what sessions came to is saved; read from the log after each start unless given. */
  readonly snapshots?: SnapshotOptions | undefined;
  /** Taken now and then while a long log is read; none unless given. */
  readonly rest?: (() => Promise<void>) | undefined;
  /** The market's clock, by which evidence is dated, and the wall's, by which people answer. */
  readonly marketNow: () => Temporal.Instant;
  readonly now: () => Temporal.Instant;
};

/** Strategies as the rest of the house uses them. */
export type Governance = {
  readonly handlers: Handlers<
    | 'CreateStrategy'
    | 'PromoteStrategy'
    | 'SuspendStrategy'
    | 'ApproveRequest'
    | 'EvaluatePromotion'
    | 'CheckDrift'
  >;
  /** The promotions that wait for a human, among all that waits for one. */
  readonly approvalSource: ApprovalSource;
  /** Registers what the house brings with it. */
  readonly open: (metadata: EventMetadata) => Promise<void>;
  /** Keeps the result of a backtest with its strategy: what promotions are judged by. */
  readonly recordBacktest: (
    result: BacktestResult,
    metadata: EventMetadata,
  ) => Promise<Outcome<{ readonly logPosition: string }>>;
  readonly residents: (on: {
    readonly metadata: (workflow: string) => EventMetadata;
    readonly drift: (strategyId: string) => void;
  }) => readonly Workflow[];
};

/** Sessions of an account, counted back from its newest, in which the end of a trade still calls for a look. */
const recentSessions = 10;

export const governanceRoom = (options: GovernanceOptions): Governance => {
  const { eventStore, marketNow, control, halting } = options;
  const book = strategyBook(options);
  const records = accountRecords(options);
  const forward = forwardEvidence({ records, digest: options.digest });
  const evidence = evidenceGathering({ ...options, book, forward });
  const stops = stopping({ ...options, book, control, changes: halting });
  const answer = promotionAnswers({ ...options, book, evidence, stopping: stops });

  const holdersIn = holders(eventStore);
  /**
   * Drift is of now, so that one look says all that many sessions could call for: nothing is looked at for one
   * that the account has long gone on from, as in a log that is read from its beginning.
   */
  const tradedIn = async (session: StreamName): Promise<ReadonlySet<string>> => {
    const { accounts } = await control.refresh();
    const isRecent = [...accounts.values()].some(({ sessions }) =>
      sessions.slice(-recentSessions).some(({ stream }) => stream === session),
    );
    return isRecent ? holdersIn(session) : new Set();
  };

  return {
    handlers: governanceHandlers({
      ...{ ...options, book, evidence, stopping: stops },
      lastPosition: eventStore.lastPosition,
    }),
    approvalSource: promotionSource({ ...options, answer, book }),
    open: (metadata) => registerStrategies({ book, eventStore, at: marketNow(), metadata }),
    recordBacktest: async (result, metadata) => {
      const { strategyId } = result;
      const outcome = await book.execute(strategyId, { type: 'RecordBacktest', result }, metadata);
      return outcome.ok
        ? { ok: true, value: { logPosition: `${outcome.value.logPosition ?? 0n}` } }
        : outcome;
    },
    residents: ({ metadata, drift }) =>
      governanceResidents({
        ...{ ...options, evidence, tradedIn, metadata, onDrift: drift },
        catchUp: records.catchUp,
        under: (fence) => {
          const hands = options.under(fence);
          const own = { book: book.under(fence), control: hands.control, changes: hands.halting };
          return { book: own.book, stopping: stopping({ ...options, ...own }) };
        },
      }),
  };
};
