import { formatDecimal, type Money, money } from '@sentinel/contracts/kernel';
import { type Finding, measured } from './check.ts';

/** Why nothing that needs equity can be measured. */
export const noMark = 'A position has no mark, so equity is not known.';
/** Hundredths of a basis point as text in basis points. */
export const bpsText = (hundredths: bigint): string => formatDecimal(hundredths, 2);

/** `part` of equity against a limit in basis points; equity at or below zero never passes. */
export type Share = {
  readonly part: Money;
  readonly equity: Money;
  readonly limitBps: number;
  readonly what: string;
};

export const shareOfEquity = ({ part, equity, limitBps, what }: Share): Finding => {
  if (equity <= 0n)
    return measured(
      false,
      { value: 'no equity', limit: `${limitBps}` },
      'The account has no equity.',
    );
  const share = money.shareOf(part, equity);
  return measured(
    share <= BigInt(limitBps) * 100n,
    { value: bpsText(share), limit: `${limitBps}` },
    `${what} would be ${bpsText(share)} bps of equity.`,
  );
};
