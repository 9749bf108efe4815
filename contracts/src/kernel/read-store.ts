import type { Position } from './event-store.ts';
import type { Json } from './json.ts';

/** A row of a view: JSON in the shape that the view's file declares. */
export type Row = { readonly [field: string]: Json };

export type Find = {
  /** Fields that must equal these texts; the view declares which of its fields may stand here. */
  readonly where?: Readonly<Record<string, string>>;
  /** Only keys that sort before this one (with `newestFirst`) or after it: the last key of the page before. */
  readonly cursor?: string;
  readonly newestFirst?: boolean;
  /** 1 to 501. */
  readonly limit: number;
};

export type KeyedRow<R extends Row = Row> = { readonly key: string; readonly row: R };

/** A consistent look at the views: every read answers as of `position`, which is at least what was asked for. */
export type ReadStore = {
  readonly get: (view: string, key: string) => Promise<Row | undefined>;
  readonly find: (view: string, find: Find) => Promise<readonly KeyedRow[]>;
  /** Position up to which every view is folded. */
  readonly position: () => Position;
  /**
   * Waits until the views are folded up to `position`; answers false when they are not within
   * `timeoutMs` milliseconds.
   */
  readonly waitFor: (position: Position, timeoutMs: number) => Promise<boolean>;
};
