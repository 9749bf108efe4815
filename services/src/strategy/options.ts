import type { EventStore, NewId, Sha256 } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { RecordedPlaces } from '../kernel/index.ts';
import type { EvidenceLocker } from '../market/index.ts';
import type { RegimeEvaluator } from '../regime/index.ts';
import type { Watchlist } from '../watchlist/index.ts';

export type StrategyHandlersOptions = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly regime: RegimeEvaluator;
  readonly watchlist: Pick<Watchlist, 'symbols'>;
  readonly evidence: EvidenceLocker;
  /** Told where each signal stands, so that an order can name it at once. */
  readonly places: Pick<RecordedPlaces, 'remember'>;
  readonly newId: NewId;
  /** The wall's clock, by which progress is told. */
  readonly now: () => Temporal.Instant;
  /** SHA-256 of the sources that decide, recorded with every signal. */
  readonly codeDigest: Sha256;
};
