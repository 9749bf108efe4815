import { refused } from '@sentinel/contracts/kernel';
import type { MarketSource, Ticker } from '@sentinel/contracts/market';

/** The one answer to a symbol that the connected market does not know. */
export const unknownSymbol = (source: MarketSource, symbol: Ticker) =>
  refused(
    'UNKNOWN_SYMBOL',
    `The ${source} market does not know ${symbol}.`,
    symbol.includes('-')
      ? `Write the class of a share with a dot: ${symbol.replace('-', '.')}.`
      : 'Check the spelling; market.health says which market is connected.',
  );
