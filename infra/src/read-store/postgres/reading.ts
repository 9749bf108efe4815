import {
  type Find,
  type KeyedRow,
  type LogPosition,
  type ReadStore,
  ReadStoreUnavailable,
  type Row,
  ViewParked,
} from '@sentinel/contracts/kernel';
import type { Pool } from 'pg';
import type { Advances } from '../advances.ts';
import type { Definitions } from '../definitions.ts';
import type { Progress } from '../progress.ts';
import { selectRows } from '../select-rows.ts';
import { reaching } from './failures.ts';
import { findStatement, getStatement } from './find-statement.ts';
import type { HotView } from './hot-views.ts';
import { statementNames } from './statement-names.ts';

export type Reading = {
  readonly pool: Pool;
  /** The same database for pages of rows that are chosen: it plans each by the values that are asked for. */
  readonly choosing: Pool;
  readonly views: Definitions;
  readonly progress: Progress;
  readonly hot: (view: string) => HotView | undefined;
  /** Whether the projector is in this process, and so reports its progress by itself. */
  readonly isFolding: () => boolean;
  /** Asks the store how far the views have come. */
  readonly refresh: () => Promise<unknown>;
  /** How it is heard that another process has brought them on. */
  readonly advances: Pick<Advances, 'wait'>;
};

type Found = {
  readonly position: string;
  readonly parked: string | null;
  readonly row: Row | null;
};

/** Whether a row that is not held may be what is asked for. */
const mayLieBeneath = ({ floor, beneath }: HotView, { between }: Find): boolean => {
  if (floor === null) return false;
  return between?.from === undefined || between.from <= (beneath[between.field] ?? '');
};

/** Undefined where rows that are not held may be among them. */
const pageInMemory = (view: HotView, find: Find): readonly KeyedRow[] | undefined => {
  const mayLack = mayLieBeneath(view, find);
  if (mayLack && find.newestFirst !== true) return undefined;
  const page = selectRows(view.rows.values(), find);
  return mayLack && page.length < find.limit ? undefined : page;
};

/** Whether rows are asked for by what they hold. */
const chooses = ({ where = {}, between }: Find): boolean =>
  between !== undefined || Object.keys(where).length > 0;

/** The query side: from memory where the rows are held, else one statement and one round trip. */
export const reading = (options: Reading): ReadStore => {
  const { pool, choosing, views, progress, hot, isFolding, refresh, advances } = options;
  const named = statementNames('view');
  const gets = new Map(views.all.map((of) => [of.name, getStatement(of)]));

  const answered = <Of extends Found>(view: string, found: readonly Of[]): LogPosition => {
    const first = found[0];
    if (first === undefined) throw new ReadStoreUnavailable(`the view ${view} is not built yet`);
    if (first.parked !== null) throw new ViewParked(view, first.parked);
    return BigInt(first.position) as LogPosition;
  };

  const inMemory = (view: string): HotView | undefined => {
    const found = hot(view);
    if (found !== undefined && found.parked !== null) throw new ViewParked(view, found.parked);
    return found;
  };

  return {
    get: async (view, key) => {
      const held = inMemory(view);
      if (held !== undefined && (held.floor === null || key >= held.floor))
        return { value: held.rows.get(key)?.row, logPosition: held.logPosition };
      const text = gets.get(view) ?? getStatement(views.of(view));
      const { rows } = await reaching(() => pool.query<Found>({ ...named(text), values: [key] }));
      const logPosition = answered(view, rows);
      return { value: rows[0]?.row ?? undefined, logPosition };
    },
    find: async (view, find) => {
      const definition = views.check(view, find);
      const held = inMemory(view);
      const page = held === undefined ? undefined : pageInMemory(held, find);
      if (held !== undefined && page !== undefined)
        return { value: page, logPosition: held.logPosition };
      const { text, values } = findStatement(definition, find);
      const from = chooses(find) ? choosing : pool;
      const { rows } = await reaching(() =>
        from.query<Found & { key: string | null }>({ ...named(text), values: [...values] }),
      );
      const logPosition = answered(view, rows);
      const value: readonly KeyedRow[] = rows.flatMap(({ key, row }) =>
        key === null || row === null ? [] : [{ key, row }],
      );
      return { value, logPosition };
    },
    logPosition: progress.logPosition,
    waitFor: async (logPosition, timeoutMs) => {
      let waiting = true;
      const reached = progress.reached(logPosition, timeoutMs).finally(() => {
        waiting = false;
      });
      // The projector of this process wakes whoever waits; another's says so, or the store has to be asked.
      while (waiting && !isFolding() && progress.logPosition() < logPosition) {
        // Listened to before the look, so that nothing is missed between the two.
        const advanced = advances.wait(logPosition);
        await refresh();
        await Promise.race([reached, advanced]);
      }
      return reached;
    },
  };
};
