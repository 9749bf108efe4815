import { accepted, type Outcome, refused } from '@sentinel/contracts/kernel';
import { tickerArgument } from '@sentinel/contracts/market';
import type { HaltScope } from '@sentinel/contracts/risk';
import type { HaltTarget } from './state.ts';

type HaltArguments = { readonly scope: HaltScope; readonly target?: string | undefined };

/**
 * A halt of everything or of an account needs no target, and one that is named all the same holds nothing
 * up; the others must name one, and a symbol is brought to its one spelling. All but a global one hold for
 * `account` alone.
 */
export const targetOf = (
  { scope, target }: HaltArguments,
  account: string,
): Outcome<HaltTarget> => {
  if (scope === 'global' || scope === 'account') {
    const covered = scope === 'global' ? {} : { account };
    return accepted({ scope, target: null, ...covered });
  }
  if (target === undefined) {
    return refused(
      'INVALID_ARGUMENT',
      `A ${scope} halt needs a target.`,
      `Give the ${scope} as \`target\`.`,
    );
  }
  if (scope === 'strategy') return accepted({ scope, target, account });
  const symbol = tickerArgument.safeParse(target);
  return symbol.success
    ? accepted({ scope, target: symbol.data, account })
    : refused(
        'INVALID_ARGUMENT',
        'The target is not a ticker.',
        'Give a ticker such as NVDA in plain ASCII letters.',
      );
};

/** A halt of a strategy that there is not would stop nothing, and somebody would think that it does. */
export const unknownStrategy = async (
  { scope, target }: HaltTarget,
  strategies: (() => Promise<readonly string[] | undefined>) | undefined,
) => {
  if (scope !== 'strategy' || strategies === undefined) return undefined;
  const known = await strategies();
  return known === undefined || known.includes(target ?? '')
    ? undefined
    : refused(
        'UNKNOWN_STRATEGY',
        `There is no strategy ${JSON.stringify(target)}, and nothing was halted.`,
        `Halt one of ${known.join(', ')}, or use scope global to stop everything at once.`,
      );
};
