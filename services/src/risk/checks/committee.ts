import { approvedFromBps, deliberate } from '../committee.ts';
import {
  type Check,
  type CheckInput,
  type Finding,
  measured,
  needsHuman,
  notApplicable,
  skipped,
} from './check.ts';
import { noMark } from './share-of-equity.ts';

const limit = `${approvedFromBps}`;

type Verdict = {
  readonly outcome: ReturnType<typeof deliberate>['outcome'];
  readonly value: string;
  readonly message: string;
};

/** The committee's verdict on the signal that an order names; a finding where it cannot vote on it. */
const verdictOf = ({ intent, facts, exposure, added }: CheckInput): Verdict | Finding => {
  if (intent.signalId === undefined) return notApplicable('The order names no signal.');
  const signal = facts.committee ?? null;
  if (signal === null) return skipped(`Nothing is known of signal ${intent.signalId}.`, limit);
  if (exposure === null || added === null) return skipped(noMark, limit);
  const { strategyId, symbol, side } = signal;
  const isOther =
    strategyId !== intent.strategyId || symbol !== intent.symbol || side !== intent.side;
  if (isOther)
    return measured(
      false,
      { value: 'another trade', limit },
      `The signal is of ${strategyId} to ${side} ${symbol}.`,
    );
  const { scoreBps, outcome, votes, escalations } = deliberate({
    signal,
    intent,
    facts,
    exposure,
    added,
  });
  const against = votes.filter(({ vote }) => vote !== 'approve');
  const why = [
    ...escalations,
    ...against.map(({ voter, vote, reason }) => `${voter} ${vote}s: ${reason}`),
  ];
  const said = outcome === 'requires_human_approval' ? 'leaves it to a human' : `has ${outcome} it`;
  const message = `The committee ${said} with ${scoreBps} bps.${why.length === 0 ? '' : ` ${why.join(' ')}`}`;
  return { outcome, value: `${scoreBps}`, message };
};

/** Before risk-7 what the committee would leave to a human was denied: nobody could be asked. */
export const committee: Check = {
  hard: true,
  unit: 'bps',
  judgesReducing: false,
  find: (input) => {
    const verdict = verdictOf(input);
    if ('kind' in verdict) return verdict;
    const { outcome, value, message } = verdict;
    return measured(outcome === 'approved', { value, limit }, message);
  },
};

/** What the committee leaves to a human passes with a human's yes, and waits for it until then. */
export const committeeOrHuman: Check = {
  ...committee,
  find: (input) => {
    const verdict = verdictOf(input);
    if ('kind' in verdict) return verdict;
    const { outcome, value, message } = verdict;
    if (outcome !== 'requires_human_approval')
      return measured(outcome === 'approved', { value, limit }, message);
    const approval = input.facts.human?.approval ?? null;
    return approval === null
      ? needsHuman({ value, limit }, message)
      : measured(true, { value, limit }, `${message} ${approval.approvedBy} said yes to it.`);
  },
};
