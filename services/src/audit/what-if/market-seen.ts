import type { MarketBar, MarketSession, Quote } from '@sentinel/contracts/market';
import type { SessionEvent } from '../../execution/index.ts';

/** What the market showed of one symbol at one moment. */
export type Seen = { readonly at: Temporal.Instant } & (
  | { readonly quote: Quote; readonly bar?: undefined }
  | { readonly bar: MarketBar; readonly quote?: undefined }
);

/** What an event says of the market: the quote of a decision, the quote or the bar that filled an order. */
export const seenIn = ({ type, data }: SessionEvent): Seen | undefined => {
  switch (type) {
    case 'RiskAssessed': {
      const { quote, at } = data.facts;
      return quote === null ? undefined : { at, quote };
    }
    case 'OrderPartiallyFilled':
    case 'OrderFilled': {
      const { quote, bar, at } = data;
      if (quote !== null) return { at, quote };
      return bar === null ? undefined : { at: bar.end, bar };
    }
    default:
      return undefined;
  }
};

export const exchangeIn = ({ type, data }: SessionEvent): MarketSession | undefined =>
  type === 'RiskAssessed' ? data.facts.session : undefined;
