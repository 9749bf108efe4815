import { createHash } from 'node:crypto';
import { exchangeDate, type Sha256 } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { BoundBars } from '@sentinel/contracts/risk';
import type { History } from './history.ts';
import type { Library } from './library.ts';

const columns = ['start', 'end', 'open', 'high', 'low', 'close', 'volume'] as const;

/** The corporate actions of a symbol up to a date, in the order of their dates. */
const actionsOf = ({ dividends }: Library, symbol: Ticker, until: string): readonly string[] =>
  [...dividends.values()]
    .flat()
    .filter((action) => action.symbol === symbol && action.exDate <= until)
    .map(({ exDate, split, dividend }) => {
      const shares = split === null ? '' : `${split.newShares}:${split.oldShares}`;
      return `${exDate} ${dividend ?? ''} ${shares}\n`;
    })
    .sort();

const digestOf = (library: Library, history: History, count: number): BoundBars => {
  const start = history.start[count - 1];
  if (start === undefined) throw new RangeError(`${history.symbol} has no ${count} bars`);
  const until = Temporal.Instant.fromEpochMilliseconds(start);
  const hash = createHash('sha256').update(`${history.timeframe}\n`);
  for (const name of columns) {
    const { buffer, byteOffset, BYTES_PER_ELEMENT } = history[name];
    hash.update(new Uint8Array(buffer, byteOffset, count * BYTES_PER_ELEMENT));
  }
  for (const action of actionsOf(library, history.symbol, exchangeDate(until))) hash.update(action);
  return { symbol: history.symbol, count, until, digest: hash.digest('hex') as Sha256 };
};

/**
 * Digests of the bars as this library shows them, in the order of their symbols: of all, or of each
 * symbol in `upTo` its first so many. A symbol that is not here is left out, and one with fewer bars
 * says how many it has.
 */
export const boundBars = (
  library: Library,
  upTo?: ReadonlyMap<Ticker, number>,
): readonly BoundBars[] =>
  [...library.histories.values()]
    .filter(({ symbol }) => upTo?.has(symbol) ?? true)
    .map((history) => {
      const { length } = history.start;
      return digestOf(library, history, Math.min(length, upTo?.get(history.symbol) ?? length));
    })
    .sort((a, b) => (a.symbol < b.symbol ? -1 : 1));
