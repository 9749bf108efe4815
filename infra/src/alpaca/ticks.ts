import type { Price, Quantity } from '@sentinel/contracts/kernel';
import { exactPrice, exactShares, timeMs } from './figures.ts';
import type { Timed } from './tape.ts';

/** The best bid and offer; null while one side, or both, is empty. */
export type QuoteTick = Timed & {
  readonly prices: {
    readonly bid: Price;
    readonly bidSize: Quantity;
    readonly ask: Price;
    readonly askSize: Quantity;
  } | null;
};

export type TradeTick = Timed & { readonly price: Price; readonly id: string };

type RawQuote = {
  readonly t: Date | string;
  readonly bp: number;
  readonly bs: number;
  readonly ap: number;
  readonly as: number;
};

/** A side without an order has the price zero. Sizes are taken for shares, which never says more than there is. */
export const quoteTick = ({ t, bp, bs, ap, as }: RawQuote): QuoteTick => ({
  atMs: timeMs(t),
  prices:
    bp === 0 || ap === 0 || bs === 0 || as === 0
      ? null
      : {
          ...{ bid: exactPrice(bp), bidSize: exactShares(bs) },
          ...{ ask: exactPrice(ap), askSize: exactShares(as) },
        },
});

export const tradeTick = (raw: {
  readonly t: Date | string;
  readonly p: number;
  readonly i?: number | string;
}): TradeTick => ({ atMs: timeMs(raw.t), price: exactPrice(raw.p), id: String(raw.i ?? '') });
