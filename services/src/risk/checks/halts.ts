import type { Halt } from '@sentinel/contracts/risk';
import { type Check, type CheckInput, type Finding, measured, notApplicable } from './check.ts';

const covers = ({ scope, target }: Halt, { intent }: CheckInput): boolean =>
  scope === 'global' ||
  (scope === 'strategy' && target === intent.strategyId) ||
  (scope === 'symbol' && target === intent.symbol);

const foundBy = (halt: Halt | undefined): Finding =>
  halt === undefined
    ? measured(true, { value: 'ACTIVE', limit: 'ACTIVE' }, 'No halt covers this order.')
    : measured(
        false,
        { value: 'REDUCING', limit: 'ACTIVE' },
        `There is a halt in force, ${halt.scope}${halt.target === null ? '' : ` on ${halt.target}`} (${halt.haltId}).`,
      );

/** By which halts the order is covered; before policy risk-4 none was of an account. */
export const killState: Check = {
  hard: true,
  unit: 'state',
  // A halt stops new risk; what shrinks a position may always leave (FIA 2015 §1.11).
  judgesReducing: false,
  find: (input) => foundBy(input.account.halts.find((halt) => covers(halt, input))),
};

/** A halt of the account stands in its own sessions alone, and there it covers every order. */
export const killStateOfAccount: Check = {
  ...killState,
  find: (input) =>
    foundBy(input.account.halts.find((halt) => halt.scope === 'account' || covers(halt, input))),
};

/**
 * While a view that people judge risk by has stopped, nobody sees what is at risk: nothing new is
 * opened, and whoever wants to get out may.
 */
export const viewsCurrent: Check = {
  hard: true,
  unit: 'state',
  judgesReducing: false,
  find: ({ facts: { views } }) => {
    if (views === undefined) return notApplicable('No views are watched here.');
    return measured(
      views.problem === null,
      { value: views.problem === null ? 'current' : 'stopped', limit: 'current' },
      views.problem === null
        ? 'The views are folded as events come in.'
        : `The views have stopped (${views.problem}): only exits are taken until an operator has mended that.`,
    );
  },
};

/**
 * The same, and nothing new is opened either while nobody can tell how many orders the gateways take
 * together, or one principal asks for too many.
 */
export const viewsAndCounts: Check = {
  ...viewsCurrent,
  find: (input) => {
    const problem = input.facts.counting?.problem ?? null;
    if (problem === null || input.facts.views?.problem != null) return viewsCurrent.find(input);
    return measured(
      false,
      { value: 'stopped', limit: 'current' },
      `Nothing that adds risk is taken: ${problem}. Exits pass meanwhile.`,
    );
  },
};
