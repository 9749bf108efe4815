import { quantity } from '@sentinel/contracts/kernel';
import type { BorrowTerms } from '@sentinel/contracts/market';

/**
 * What simulated and replayed markets lend: they know no locates, and so every listed symbol counts as
 * general collateral. A symbol that must not be sold short belongs on NOT_SHORTABLE_SYMBOLS.
 */
export const generalCollateral: BorrowTerms = {
  available: quantity.fromShares(1_000_000),
  annualFeeBps: 30,
};
