import { type EventId, price, quantity } from '@sentinel/contracts/kernel';
import type { RiskAssessed, RiskCheck } from '@sentinel/contracts/risk';
import { tellingChecks } from '../risk/index.ts';
import { eventByEvent } from './note.ts';
import type { Line } from './story-line.ts';

const checkLine = ({ code, status, hard, value, limit, unit, message }: RiskCheck): string => {
  const figures = value === null ? '' : ` (${value} against ${limit ?? 'no limit'} ${unit})`;
  return `${code} ${status}${hard ? '' : ', soft'}${figures}: ${message}`;
};

/** So many of the checks that passed are told in a note: those nearest to their limits. */
const nearestTold = 3;

const askedTo = ({ purpose, replaces }: RiskAssessed): string => {
  if (replaces !== undefined) return `asked to change order ${replaces} to`;
  return { order: 'asked to', preview: 'asked whether to', proposal: 'proposed to' }[purpose];
};

const verdictLine = ({ outcome, denialCode, facts: { human } }: RiskAssessed): string => {
  if (outcome === 'DENIED')
    return `Denied by ${denialCode}, the first hard check in order of precedence that did not pass.`;
  if (outcome === 'APPROVAL_REQUIRED') return 'Nothing blocked it, and a human was to decide.';
  const by =
    human?.approval == null
      ? ''
      : ` ${human.approval.approvedBy} had said yes at ${human.approval.at}.`;
  return `Every hard check passed: approved.${by}`;
};

/** The signal or the strategy that it followed. */
const followed = ({ intent: { strategyId, signalId } }: RiskAssessed): string => {
  if (strategyId === null) return '';
  return signalId == null ? ` for ${strategyId}` : ` on signal ${signalId} of ${strategyId}`;
};

/** An assessment, who asked for it, and whether all of it is to be told. */
type Assessed = {
  readonly id: EventId;
  readonly data: RiskAssessed;
  readonly by: string;
  readonly full: boolean;
};

const assessmentLines = ({ id, data, by, full }: Assessed): readonly Line[] => {
  const { intent, facts } = data;
  const told = full ? data.checks : tellingChecks(data.checks, nearestTold);
  const rest = data.checks.length - told.length;
  const line = (text: string): Line => ({ text, event_id: id });
  const limit =
    intent.limitPrice === null ? '' : ` at ${price.format(intent.limitPrice)} or better`;
  const quote =
    facts.quote === null
      ? 'There was no quote.'
      : `The quote was ${price.format(facts.quote.bid)} bid, ${price.format(facts.quote.ask)} ask, of ${facts.quote.at} from the ${facts.quote.source} market.`;
  return [
    line(
      `At ${data.at}, ${by} ${askedTo(data)} ${intent.side} ${quantity.format(intent.quantity)} ${intent.symbol} by ${intent.orderType} order${limit}${followed(data)}.`,
    ),
    line(quote),
    line(
      `Limits version ${data.limitsVersion} and policy ${data.policyVersion} applied, decided by code ${data.codeDigest.slice(0, 12)}.`,
    ),
    ...told.map((check) => line(checkLine(check))),
    ...(rest === 0
      ? []
      : [line(`${rest} other checks passed or did not apply; detail full tells them.`)]),
    line(verdictLine(data)),
  ];
};

/** How an assessment is told; a note says it in one line. */
export const narrate = (assessed: Assessed): readonly Line[] =>
  assessed.full ? assessmentLines(assessed) : eventByEvent(assessmentLines(assessed));
