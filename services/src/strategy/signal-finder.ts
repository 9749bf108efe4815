import {
  decodeEvent,
  type EventId,
  type EventStore,
  EventStoreCorrupt,
  type Quantity,
  ReadStoreUnavailable,
  type RecordedEvent,
  type SignalId,
  streamName,
  ViewParked,
} from '@sentinel/contracts/kernel';
import { evidenceEvents } from '@sentinel/contracts/market';
import { regimeEvents } from '@sentinel/contracts/regime';
import type { CommitteeFacts } from '@sentinel/contracts/risk';
import { type Signal, signalEvents } from '@sentinel/contracts/strategy';
import type { RecordedPlaces } from '../kernel/index.ts';
import { instanceFinder, isStrategyId } from './instances.ts';

const bps = 10_000;
const perCent = 100;
const sharesScale = 1e9;

const asBps = (share: number): number => Math.min(bps, Math.max(0, Math.floor(share * bps)));
const percentAsBps = (percent: number | null): number | null =>
  percent === null ? null : Math.round(percent * perCent);

export type SignalFinderOptions = {
  readonly eventStore: EventStore;
  /** Where signals and classifications stand, by their ids. */
  readonly places: Pick<RecordedPlaces, 'find'>;
};

type FindSignal = (strategyId: string, signalId: SignalId) => Promise<CommitteeFacts | undefined>;

/**
 * Finds a recorded signal with the classification and the last bar that it rests on, by reading these
 * three events alone.
 */
export const signalFinder = (options: SignalFinderOptions): FindSignal => {
  const { eventStore } = options;
  const find = instanceFinder(eventStore);
  return async (strategyId, signalId) => {
    if (!isStrategyId(strategyId)) return undefined;
    const family = (await find(strategyId))?.family;
    if (family === undefined) return undefined;
    const found = await foundSignal(options, strategyId, signalId);
    if (found === undefined) return undefined;
    const { signal, regimeEventId, eventId } = found;
    const classification = await classificationOf(options, regimeEventId);
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
};

/**
 * The event that an id names. While the index cannot be asked nothing is known of the id: the check
 * that needs it says SKIPPED, which blocks new risk and lets exits pass.
 */
const eventOf = async (
  { eventStore, places }: SignalFinderOptions,
  id: string,
): Promise<RecordedEvent | undefined> => {
  const place = await places.find(id).catch((error: unknown) => {
    if (error instanceof ViewParked || error instanceof ReadStoreUnavailable) return undefined;
    throw error;
  });
  if (place === undefined) return undefined;
  const { stream, version: from } = place;
  const [recorded] = await eventStore.readStream(stream, { from, maxCount: 1 });
  if (recorded === undefined) throw new EventStoreCorrupt(`${stream} has no version ${from}`);
  return recorded;
};

const foundSignal = async (
  options: SignalFinderOptions,
  strategyId: string,
  signalId: SignalId,
) => {
  const stored = await eventOf(options, signalId);
  if (stored?.stream !== streamName('signal', strategyId)) return undefined;
  const { type, data } = decodeEvent(signalEvents, stored);
  if (type !== 'SignalFound' || data.signal.signalId !== signalId)
    throw new EventStoreCorrupt(`event ${stored.id} is not the signal ${signalId}`);
  return { ...data, eventId: stored.id };
};

const classificationOf = async (options: SignalFinderOptions, id: EventId) => {
  const stored = await eventOf(options, id);
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
