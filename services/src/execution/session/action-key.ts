import type { CorporateAction } from '@sentinel/contracts/market';

/** By what two actions count as the same. */
export const actionKey = ({ symbol, exDate, split, dividend }: CorporateAction): string =>
  `${symbol}|${exDate}|${split === null ? '' : `${split.newShares}:${split.oldShares}`}|${dividend ?? ''}`;
