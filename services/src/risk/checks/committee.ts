import { approvedFromBps, deliberate } from '../committee.ts';
import { type Check, measured, notApplicable, skipped } from './check.ts';
import { noMark } from './share-of-equity.ts';

const limit = `${approvedFromBps}`;

/**
 * The decision committee's vote on the signal that an order names. What it would leave to a human is
 * denied: nobody can be asked yet.
 */
export const committee: Check = {
  hard: true,
  unit: 'bps',
  judgesReducing: false,
  find: ({ intent, facts, exposure, added }) => {
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
    const said =
      outcome === 'requires_human_approval' ? 'leaves it to a human' : `has ${outcome} it`;
    return measured(
      outcome === 'approved',
      { value: `${scoreBps}`, limit },
      `The committee ${said} with ${scoreBps} bps.${why.length === 0 ? '' : ` ${why.join(' ')}`}`,
    );
  },
};
