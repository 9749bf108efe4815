import { parentPort, workerData } from 'node:worker_threads';
import type { Ticker } from '@sentinel/contracts/market';
import type { Stored } from './columns-store.ts';
import { type Fault, UnfitBars } from './faults.ts';
import { barsOf, type Made } from './settle-bars.ts';

/** What the thread is given when it begins. */
export type Given = {
  readonly bytes: Uint8Array;
  readonly entry: readonly [file: string, ticker: Ticker];
  readonly made: Made;
};

/** The one thing that the thread says. */
export type Said = { readonly stored: Stored } | { readonly faults: readonly Fault[] };

const { bytes, entry, made } = workerData as Given;

/** The memory of all columns: it goes over as it is. */
const memoryOf = ({ history, days }: Stored): ArrayBuffer[] => [
  ...new Set(
    [...Object.values(history), days].flatMap((column) =>
      typeof column === 'string' ? [] : [column.buffer as ArrayBuffer],
    ),
  ),
];

try {
  const stored = barsOf(bytes, entry, made);
  parentPort?.postMessage({ stored } satisfies Said, memoryOf(stored));
} catch (error) {
  if (!(error instanceof UnfitBars)) throw error;
  parentPort?.postMessage({ faults: error.faults } satisfies Said);
}
