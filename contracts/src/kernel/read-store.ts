import type { LogPosition } from './event-store.ts';
import type { Json } from './json.ts';

/** A row of a view in its stored JSON form, in the shape that the view's file declares. */
export type Row = { readonly [field: string]: Json };

export type KeyedRow = { readonly key: string; readonly row: Row };

/** Which rows, in the order of their keys (by code unit, not by any language's alphabet). */
export type Find = {
  /** Fields that must equal these texts; the view declares which may stand here. */
  readonly where?: Readonly<Record<string, string>>;
  /** One field must sort from `from` on and before `to`. */
  readonly between?: { readonly field: string; readonly from?: string; readonly to?: string };
  /** Only keys that sort before this one (with `newestFirst`) or after it: the last key of the page before. */
  readonly cursor?: string;
  readonly newestFirst?: boolean;
  /** 1 to 501. */
  readonly limit: number;
};

/** What was read, and the exact position up to which the view was folded as it was read. */
export type AsOf<Value> = { readonly value: Value; readonly logPosition: LogPosition };

/**
 * The views as queries see them. Each answer is one consistent look at one view.
 * Asking for a view or a field that was not declared is a bug and throws RangeError.
 */
export type ReadStore = {
  /** @throws ViewParked, ReadStoreUnavailable */
  readonly get: (view: string, key: string) => Promise<AsOf<Row | undefined>>;
  /** @throws ViewParked, ReadStoreUnavailable */
  readonly find: (view: string, find: Find) => Promise<AsOf<readonly KeyedRow[]>>;
  /** Position up to which every view that is not parked is folded, as far as this process knows. */
  readonly logPosition: () => LogPosition;
  /**
   * Waits until the views that are not parked are folded up to `logPosition`; answers false when they
   * are not within `timeoutMs` milliseconds. @throws ReadStoreUnavailable
   */
  readonly waitFor: (logPosition: LogPosition, timeoutMs: number) => Promise<boolean>;
};

/** The view met an event that it cannot fold, and answers nothing until somebody has mended that. */
export class ViewParked extends Error {
  override readonly name = 'ViewParked';
  readonly view: string;
  constructor(view: string, problem: string) {
    super(`the view ${view} is parked: ${problem}`);
    this.view = view;
  }
}

/** The views cannot be reached, or are not built yet. */
export class ReadStoreUnavailable extends Error {
  override readonly name = 'ReadStoreUnavailable';
}
