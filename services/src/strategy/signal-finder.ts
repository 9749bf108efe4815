import { evidenceEvents } from '@sentinel/contracts/audit';
import {
  decodeEvent,
  type EventId,
  type EventStore,
  type Quantity,
  type SignalId,
  streamName,
} from '@sentinel/contracts/kernel';
import { regimeEvents } from '@sentinel/contracts/regime';
import type { CommitteeFacts } from '@sentinel/contracts/risk';
import { type Signal, signalEvents } from '@sentinel/contracts/strategy';
import { strategies } from './registry.ts';

const bps = 10_000;
const perCent = 100;
const sharesScale = 1e9;
const wellFormed = /^[A-Za-z0-9_.-]{1,100}$/;

const asBps = (share: number): number => Math.min(bps, Math.max(0, Math.floor(share * bps)));
const percentAsBps = (percent: number | null): number | null =>
  percent === null ? null : Math.round(percent * perCent);

/** Finds a recorded signal with the classification and the last bar that it rests on. */
export const signalFinder =
  (eventStore: EventStore) =>
  async (strategyId: string, signalId: SignalId): Promise<CommitteeFacts | undefined> => {
    const family = Object.values(strategies).find(({ id }) => id === strategyId)?.family;
    if (family === undefined || !wellFormed.test(strategyId)) return undefined;
    const found = await foundSignal(eventStore, strategyId, signalId);
    if (found === undefined) return undefined;
    const { signal, regimeEventId, eventId } = found;
    const classification = await classificationOf(eventStore, signal, regimeEventId);
    if (classification === undefined) return undefined;
    const { compatibility, label, tradeability, metrics } = classification;
    const fit = compatibility[family];
    return {
      signalId,
      eventId,
      strategyId,
      symbol: signal.symbol,
      side: signal.side,
      entry: signal.entry,
      stop: signal.stop,
      target: signal.target,
      confidenceBps: asBps(signal.confidence),
      label,
      tradeabilityBps: asBps(tradeability),
      compatible: fit?.compatible ?? false,
      fitBps: asBps(fit?.score ?? 0),
      averageTrueRangeBps: percentAsBps(metrics.atrPct),
      contextMoveBps: percentAsBps(metrics.contextMovePct),
      barVolume: await lastVolume(eventStore, signal),
    };
  };

const foundSignal = async (eventStore: EventStore, strategyId: string, signalId: SignalId) => {
  const recorded = await eventStore.readStream(streamName('signal', strategyId));
  for (const stored of recorded.toReversed()) {
    const { type, data } = decodeEvent(signalEvents, stored);
    if (type === 'SignalFound' && data.signal.signalId === signalId)
      return { ...data, eventId: stored.id };
  }
  return undefined;
};

const classificationOf = async (eventStore: EventStore, { symbol }: Signal, id: EventId) => {
  const recorded = await eventStore.readStream(streamName('regime', symbol));
  const stored = recorded.findLast((each) => each.id === id);
  return stored === undefined ? undefined : decodeEvent(regimeEvents, stored).data.classification;
};

/** Shares of the last bar of the evidence that the signal names. */
const lastVolume = async (
  eventStore: EventStore,
  { barsDigest }: Signal,
): Promise<Quantity | null> => {
  const [stored] = await eventStore.readStream(streamName('evidence', barsDigest), { maxCount: 1 });
  const volume =
    stored === undefined
      ? undefined
      : decodeEvent(evidenceEvents, stored).data.content.volume.at(-1);
  return volume === undefined ? null : (BigInt(Math.round(volume * sharesScale)) as Quantity);
};
