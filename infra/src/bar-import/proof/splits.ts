import { fitsSplit } from '../../market-data/index.ts';
import type { Findings } from '../findings.ts';
import type { PlacedBar } from '../series.ts';

/** A split that the prices still have in them, as `splits.csv` declares it. */
export type DeclaredSplit = {
  readonly index: number;
  readonly date: string;
  readonly newShares: number;
  readonly oldShares: number;
};

const mostShares = 1_000;
const near = 1e-5;

/** A factor as new shares to old, in the smallest whole numbers; undefined when there are none so small. */
const sharesOf = (factor: number): readonly [number, number] | undefined => {
  for (let old = 1; old <= mostShares; old++) {
    const fresh = Math.round(factor * old);
    if (fresh >= 1 && fresh <= mostShares && Math.abs(fresh / old / factor - 1) < near)
      return [fresh, old];
  }
  return undefined;
};

/**
 * Holds a column of splits against the steps of the prices: splits that lie in the prices need nothing,
 * those that do not are declared, and a mixture of both is refused.
 */
export const settleSplitColumn = (
  bars: readonly PlacedBar[],
  findings: Findings,
): readonly DeclaredSplit[] => {
  const declared: DeclaredSplit[] = [];
  let applied = 0;
  for (const [index, bar] of bars.entries()) {
    const before = bars[index - 1];
    if (bar.split === undefined || before === undefined) continue;
    const shares = sharesOf(bar.split);
    const step = Number(before.close) / Number(bar.open);
    if (shares === undefined) {
      findings.refused('split', `a split by ${bar.split} is of no whole shares`, bar.line);
      continue;
    }
    const [newShares, oldShares] = shares;
    if (fitsSplit(step, newShares, oldShares))
      declared.push({ index, date: bar.date, newShares, oldShares });
    else if (Math.abs(Math.log(step)) < Math.abs(Math.log(bar.split)) / 2) applied++;
    else
      findings.refused(
        'split',
        `says a split of ${newShares}:${oldShares}, and its price steps by ${step.toFixed(3)}`,
        bar.line,
      );
  }
  if (declared.length > 0 && applied > 0)
    findings.refused(
      'split',
      `of its splits ${applied} lie in the prices, and ${declared.length} do not: the file mixes adjusted and raw prices`,
    );
  else if (applied > 0)
    findings.proved('split', `prices are adjusted for all ${applied} splits that it names`);
  else if (declared.length > 0)
    findings.proved('split', `prices are raw: ${declared.length} splits go into splits.csv`);
  return declared;
};
