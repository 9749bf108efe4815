import type { StrategyState } from '@sentinel/contracts/strategy';
import {
  type Check,
  type CheckInput,
  type Finding,
  measured,
  notApplicable,
  skipped,
} from './check.ts';

const onPaper: ReadonlySet<StrategyState | string> = new Set([
  'paper',
  'paper_approved',
  'live',
  'live_approved',
]);
const onLive: ReadonlySet<StrategyState | string> = new Set(['live_approved']);

type Venue = { readonly takes: ReadonlySet<string>; readonly least: string; readonly name: string };

const judgedBy = ({ intent, facts }: CheckInput, { takes, least, name }: Venue): Finding => {
  if (intent.strategyId === null) return notApplicable('The order names no strategy.');
  if (facts.strategy === null)
    return skipped(`Nothing is known of strategy ${intent.strategyId}.`, least);
  return measured(
    takes.has(facts.strategy.state),
    { value: facts.strategy.state, limit: least },
    `Strategy ${intent.strategyId} is in state ${facts.strategy.state}; ${name} takes ${[...takes].join(', ')}.`,
  );
};

const paper: Venue = { takes: onPaper, least: 'paper', name: 'a paper venue' };
const live: Venue = { takes: onLive, least: 'live_approved', name: 'a live venue' };

/** Before policy risk-4 there were paper venues alone. */
export const strategyState: Check = {
  hard: true,
  unit: 'state',
  judgesReducing: false,
  find: (input) => judgedBy(input, paper),
};

/** A paper venue takes strategies from `paper` on, a live one only those that are approved for it. */
export const strategyStateOfVenue: Check = {
  ...strategyState,
  find: (input) => judgedBy(input, input.account.venue === 'live' ? live : paper),
};
