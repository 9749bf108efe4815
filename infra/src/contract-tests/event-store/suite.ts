import type { EventStore } from '@sentinel/contracts/kernel';

/** What a store promises beyond the contract. */
export type EventStoreCapabilities = {
  /** Positions count 1, 2, 3 without a gap. */
  readonly gapFreePositions: boolean;
  /** An event id that stands in another stream is met as well. */
  readonly idsUniqueInLog: boolean;
};

export type Suite = {
  /** Valid inside a test. */
  readonly store: () => EventStore;
  readonly capabilities: EventStoreCapabilities;
};
