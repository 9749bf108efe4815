import type { OutputOf } from '@sentinel/contracts';
import type { EventId, Sha256 } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { ScannedSymbol } from './scan-symbol.ts';
import { rewardToRisk } from './strategy.ts';

type FoundSignal = Extract<ScannedSymbol, { readonly kind: 'signal' }>;

type FoundBy = {
  readonly market: MarketData;
  readonly codeDigest: Sha256;
  readonly policyVersion: string;
};

/** The event that keeps a signal, with the classification that it rests on. */
export const signalFound = (
  { signal, judged }: FoundSignal,
  { market, codeDigest, policyVersion }: FoundBy,
) => ({
  type: 'SignalFound' as const,
  data: { signal, ...judged, source: market.source, at: market.now(), policyVersion, codeDigest },
});

/** A signal as tools answer it; without the event that recorded it there is none. */
export const viewOfSignal = (
  { signal, regime }: Pick<FoundSignal, 'signal' | 'regime'>,
  eventId: EventId | undefined,
): NonNullable<OutputOf<'EvaluateStrategy'>['signal']> => {
  if (eventId === undefined) throw new Error(`signal ${signal.signalId} was not recorded`);
  const { signalId, strategyId, symbol, side, confidence, entry, stop, target } = signal;
  return {
    signal_id: signalId,
    event_id: eventId,
    strategy: strategyId,
    ...{ symbol, side, confidence, entry, stop, target },
    reward_to_risk: rewardToRisk(signal),
    regime: regime.event.classification.label,
  };
};
