import { type Price, price } from '@sentinel/contracts/kernel';
import type { Signal } from '@sentinel/contracts/strategy';

export type Side = Signal['side'];
export type Levels = { readonly entry: Price; readonly stop: Price; readonly target: Price };

/** What a rule wants of a trade, in dollars; the rest follows from the entry as it stands on the grid. */
type WantedLevels = {
  readonly entry: number;
  readonly stop: (entry: number) => number;
  /** `risk` is the distance from entry to stop, positive where they stand the right way round. */
  readonly target: (entry: number, risk: number) => number;
};

/**
 * Prices of a trade on the tick grid, each rounded to where it promises less: the entry and target
 * away in the direction of the trade, the stop against it. Undefined when a figure is missing.
 */
export const levelsOf = (side: Side, wanted: WantedLevels): Levels | undefined => {
  if (!Number.isFinite(wanted.entry)) return undefined;
  const [forth, back] = side === 'buy' ? (['up', 'down'] as const) : (['down', 'up'] as const);
  const entry = price.toTick(price.fromFloat(wanted.entry), forth);
  const wantedStop = wanted.stop(price.toFloat(entry));
  if (!Number.isFinite(wantedStop)) return undefined;
  const stop = price.toTick(price.fromFloat(wantedStop), back);
  const risk = price.toFloat((side === 'buy' ? entry - stop : stop - entry) as Price);
  const target = wanted.target(price.toFloat(entry), risk);
  if (!Number.isFinite(target)) return undefined;
  return { entry, stop, target: price.toTick(price.fromFloat(target), forth) };
};

/** 0 < stop < entry < target for a buy, the other way for a sell. */
export const inOrder = (side: Side, { entry, stop, target }: Levels): boolean => {
  const [low, high] = side === 'buy' ? [stop, target] : [target, stop];
  return low > 0n && low < entry && entry < high;
};
