import type { StreamName } from '@sentinel/contracts/kernel';
import { type Call, type Decided, type Deciding, decideInTurn } from './decide-in-turn.ts';
import type { FoldCache } from './fold-cache.ts';
import type { Folded } from './folded.ts';

/**
 * Decides calls on the fold that this process last saw: what they append checks its version. What
 * appends nothing is checked by none, and others may have written meanwhile: such answers rest on the
 * newest fold. One who runs under a fence is told by the log and needs no look.
 */
export const decideOnNewest = async <Command, State, Event, Code extends string>(
  stream: StreamName,
  calls: readonly Call<Command, State, Event, Code>[],
  {
    folds,
    deciding,
  }: {
    readonly folds: Pick<FoldCache<State>, 'load' | 'refresh'>;
    readonly deciding: Deciding<Command, State, Event, Code>;
  },
): Promise<{ readonly folded: Folded<State>; readonly decided: readonly Decided<State>[] }> => {
  const folded = await folds.load(stream);
  const decided = decideInTurn(calls, folded, deciding);
  const isUnchecked = decided.some(
    ({ toAppend }, n) => toAppend.length === 0 && calls[n]?.fence === undefined,
  );
  if (!isUnchecked) return { folded, decided };
  const newest = await folds.refresh(stream);
  return { folded: newest, decided: decideInTurn(calls, newest, deciding) };
};
