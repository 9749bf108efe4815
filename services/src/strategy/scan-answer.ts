import type { OutputOf } from '@sentinel/contracts';
import type { ScannedSymbol } from './scan-symbol.ts';

type Answer = OutputOf<'Scan'>;

/** A strategy's misses in a scan. */
export type Missed = {
  readonly strategy: string;
  readonly none: readonly Pick<
    Extract<ScannedSymbol, { kind: 'none' }>,
    'symbol' | 'failed' | 'problem'
  >[];
};

const counted = (names: readonly string[]): Record<string, number> => {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
};

/** What turned symbols away: for each strategy how often each condition did. */
export const failedConditions = (missed: readonly Missed[]): Answer['failed'] =>
  missed.map(({ strategy, none }) => ({
    strategy,
    no_signal_count: none.length,
    conditions: counted(none.flatMap(({ failed }) => failed.map(({ name }) => name))),
  }));

/** Symbol by symbol, by name alone: the words are the recorded scan's. */
export const rejectionsOf = (missed: readonly Missed[]): NonNullable<Answer['rejections']> =>
  missed.flatMap(({ strategy, none }) =>
    none.flatMap(({ symbol, failed, problem }) =>
      problem === null ? [{ symbol, strategy, failed: failed.map(({ name }) => name) }] : [],
    ),
  );

/** What could not be judged, each problem once with the symbols that have it. */
export const problemsOf = (missed: readonly Missed[]): Answer['problems'] => {
  const symbols = new Map<string, Set<string>>();
  for (const { symbol, problem } of missed.flatMap(({ none }) => none)) {
    if (problem === null) continue;
    symbols.set(problem, (symbols.get(problem) ?? new Set()).add(symbol));
  }
  return [...symbols].map(([problem, having]) => ({ problem, symbols: [...having] }));
};
