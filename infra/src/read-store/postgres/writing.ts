import {
  type Checkpoint,
  CheckpointLost,
  type KeyedRow,
  type ProjectionStore,
  type ViewLoad,
} from '@sentinel/contracts/kernel';
import type { Pool } from 'pg';
import type { Definitions } from '../definitions.ts';
import type { Progress } from '../progress.ts';
import { asText, commitStatement } from './commit-statement.ts';
import { reaching } from './failures.ts';
import type { HotViews } from './hot-views.ts';
import { statementNames } from './statement-names.ts';
import { type CheckpointRow, checkpointColumns, tableName, toCheckpoint } from './tables.ts';

export type Writing = {
  readonly pool: Pool;
  readonly views: Definitions;
  readonly progress: Progress;
  readonly hot: HotViews;
};

/** The projector's side: rows of a batch and all checkpoints in one statement. */
export const writing = ({
  pool,
  views,
  progress,
  hot,
}: Writing): Pick<ProjectionStore, 'serving' | 'read' | 'commit' | 'load'> => {
  const named = statementNames('commit');

  const serving = async (): Promise<readonly Checkpoint[]> => {
    const exists = await reaching(() =>
      pool.query<{ exists: boolean }>(
        "select to_regclass('sentinel.rm_checkpoints') is not null as exists",
      ),
    );
    if (exists.rows[0]?.exists !== true) return [];
    const { rows } = await reaching(() =>
      pool.query<CheckpointRow>(
        `select ${checkpointColumns} from sentinel.rm_checkpoints where state = 'serving' and view = any ($1)`,
        [views.all.map(({ name }) => name)],
      ),
    );
    const checkpoints = rows.map(toCheckpoint);
    for (const checkpoint of checkpoints) progress.serve(checkpoint);
    return checkpoints;
  };

  /** Why a commit was not taken: a table that no longer serves, or another projector. */
  const explain = async (changes: readonly ViewLoad[]): Promise<'swapped'> => {
    const { rows } = await pool.query<CheckpointRow>(
      `select ${checkpointColumns} from sentinel.rm_checkpoints where state <> 'retired'`,
    );
    const standing = new Map(rows.map((row) => [tableName(row), row.position]));
    if (changes.some(({ table }) => !standing.has(tableName(table)))) return 'swapped';
    const lost = changes.find(({ table, from }) => standing.get(tableName(table)) !== `${from}`);
    throw new CheckpointLost(
      `${lost?.table.view} is at ${lost && standing.get(tableName(lost.table))}, not at ${lost?.from}`,
    );
  };

  /** After a commit of which nobody knows whether it took effect, memory is no witness. */
  const unlessFailed = async <Value>(commit: () => Promise<Value>): Promise<Value> => {
    try {
      return await reaching(commit);
    } catch (error) {
      hot.drop();
      throw error;
    }
  };

  /** Whoever waits for these changes wakes after `follow`. */
  const write = async (
    changes: readonly ViewLoad[],
    follow: () => void,
  ): Promise<'committed' | 'swapped'> => {
    const defined = changes.map((change) => ({
      ...change,
      definition: views.of(change.table.view),
    }));
    const { text, values } = commitStatement(defined);
    const { rows } = await pool.query<{ committed: boolean }>({
      ...named(text),
      values: [...values],
    });
    if (rows[0]?.committed !== true) return explain(changes);
    follow();
    progress.moved(
      defined.map(({ table, to, parked, definition }) => ({
        ...table,
        version: definition.version,
        logPosition: to,
        parked,
      })),
    );
    return 'committed';
  };

  return {
    serving,
    read: async (table, keys) => {
      const { rows } = await reaching(() =>
        pool.query<KeyedRow>({
          ...named(`select key, row from ${tableName(table)} where key = any ($1)`),
          values: [[...keys]],
        }),
      );
      return new Map(rows.map((row) => [row.key, row]));
    },
    load: (changes) => unlessFailed(() => write(changes, hot.drop)),
    commit: (changes) => unlessFailed(() => write(changes.map(asText), () => hot.moved(changes))),
  };
};
