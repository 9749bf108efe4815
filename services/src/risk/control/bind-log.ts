import { accepted, type EventMetadata, type Outcome } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { AccountBinding, BoundBars, MarketBinding } from '@sentinel/contracts/risk';
import type { ControlRefusal } from './commands.ts';
import type { Control } from './control.ts';

/** A market as a log is bound to it. */
export type BindableMarket = Omit<MarketBinding, 'bars'> & {
  /**
   * All its bars, or of each symbol named the first so many; null where no bars are read from files.
   */
  readonly bars: ((upTo?: ReadonlyMap<Ticker, number>) => readonly BoundBars[]) | null;
};

/** What a start has bound that was not bound before. */
export type Bound = {
  /** The log held events already, from before logs were bound. */
  readonly market: boolean;
  readonly accounts: readonly string[];
};

/**
 * Binds a log to its market and its accounts to what they begin with, before anything else is written;
 * refuses a start on another market or with other accounts.
 */
export const bindLog = async (options: {
  readonly control: Control;
  readonly market: BindableMarket;
  readonly accounts: readonly AccountBinding[];
  /** Wall clock. */
  readonly at: Temporal.Instant;
  readonly metadata: EventMetadata;
}): Promise<Outcome<Bound, ControlRefusal>> => {
  const { control, accounts, at, metadata } = options;
  const { market: bound } = await control.refresh();
  const { bars, ...market } = options.market;
  const counts = new Map((bound?.bars ?? []).map(({ symbol, count }) => [symbol, count]));
  const outcome = await control.execute(
    {
      type: 'BindMarket',
      market: { ...market, bars: bars === null ? null : [...bars()] },
      asBound: bars === null ? [] : bars(counts),
      at,
    },
    metadata,
  );
  if (!outcome.ok) return outcome;
  const fresh: string[] = [];
  for (const binding of accounts) {
    const account = await control.execute({ type: 'BindAccount', binding, at }, metadata);
    if (!account.ok) return account;
    if (account.value.events.length > 0) fresh.push(binding.account);
  }
  return accepted({ market: outcome.value.events.length > 0, accounts: fresh });
};
