import { type EventId, money, price, quantity } from '@sentinel/contracts/kernel';
import type { RiskAssessed, RiskCheck } from '@sentinel/contracts/risk';
import type { SessionEvent } from '../execution/index.ts';
import { tellingChecks } from '../risk/index.ts';
import { eventByEvent } from './note.ts';
import type { Line, Told } from './story-line.ts';

const checkLine = ({ code, status, hard, value, limit, unit, message }: RiskCheck): string => {
  const figures = value === null ? '' : ` (${value} against ${limit ?? 'no limit'} ${unit})`;
  return `${code} ${status}${hard ? '' : ', soft'}${figures}: ${message}`;
};

/** So many of the checks that passed are told in a note: those nearest to their limits. */
const nearestTold = 3;

const askedTo = {
  order: 'asked to',
  preview: 'asked whether to',
  proposal: 'proposed to',
} as const;

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
      `At ${data.at}, ${by} ${askedTo[data.purpose]} ${intent.side} ${quantity.format(intent.quantity)} ${intent.symbol} by ${intent.orderType} order${limit}${followed(data)}.`,
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

/** Words of others are shown as a quotation, on one line: data, whatever they say. */
const inTheirWords = (givenReason: string | null): string =>
  givenReason === null ? '' : ` The reason given with it: ${JSON.stringify(givenReason)}.`;

const sentence = (event: SessionEvent): string => {
  switch (event.type) {
    case 'OrderSubmitted':
      return `The order went to the paper venue, setting aside ${money.format(event.data.reservedCash)} dollars.${inTheirWords(event.data.givenReason)}`;
    case 'OrderProposed':
      return `It waited for a human as request ${event.data.requestId}, and nothing was submitted.${inTheirWords(event.data.givenReason)}`;
    case 'OrderDenied':
      return `The order was denied with ${event.data.code} and not submitted.${inTheirWords(event.data.givenReason)}`;
    case 'OrderAccepted':
      return `The venue accepted it at ${event.data.at}${event.data.venueOrderId === null ? '' : ` as ${event.data.venueOrderId}`}.`;
    case 'OrderPartiallyFilled':
    case 'OrderFilled': {
      const { lastQuantity, lastPrice, fees, leavesQuantity, quote, bar, lastTrade } = event.data;
      const met =
        quote !== null
          ? `${price.format(quote.bid)}/${price.format(quote.ask)}`
          : lastTrade !== null
            ? `the last trade, of ${lastTrade.at}, since nobody traded it any more`
            : `the bar of ${bar?.start}`;
      return `${quantity.format(lastQuantity)} traded at ${price.format(lastPrice)} with ${money.format(fees)} dollars of fees, against ${met}; ${quantity.format(leavesQuantity)} left.`;
    }
    case 'OrderAdopted':
      return `Others had placed it in the account, where the venue calls it ${event.data.venueOrderId}: it counts from here on.`;
    case 'ExecutionBusted': {
      const { lastQuantity, lastPrice, refers, reason } = event.data;
      const what =
        lastPrice === null
          ? 'of which nothing had been heard'
          : `of ${quantity.format(lastQuantity)} at ${price.format(lastPrice)}`;
      return `The venue took back execution ${refers}, ${what}: ${reason}`;
    }
    case 'ExecutionCorrected': {
      const { before, lastQuantity, lastPrice, refers } = event.data;
      return `The venue corrected execution ${refers} from ${quantity.format(before.quantity)} at ${price.format(before.price)} to ${quantity.format(lastQuantity)} at ${price.format(lastPrice)}.`;
    }
    case 'OrderTriggered':
      return `The market reached the stop at ${price.format(event.data.stopAt)} and the order began to trade.`;
    case 'OrderStopMoved':
      return `The trailing stop moved to ${price.format(event.data.stopAt)}.`;
    case 'OrderReplaced':
      return `It now has ${quantity.format(event.data.leavesQuantity)} shares left to trade under its new terms.`;
    case 'OrderReplaceRejected':
    case 'OrderRejected':
    case 'OrderPendingCancel':
    case 'OrderCancelRejected':
    case 'OrderCanceled':
    case 'OrderOutcomeUnknown':
      return `${event.type}: ${event.data.reason}`;
    case 'OrderExpired':
      return 'It expired with its session.';
    default:
      return event.type;
  }
};

/** The story of a decision, each line with the event on which it rests; a note names each event once. */
export const narrate = (assessed: Assessed, after: readonly Told[]): readonly Line[] => {
  const lines = [
    ...assessmentLines(assessed),
    ...after.map(({ id, event }) => ({ text: sentence(event), event_id: id })),
  ];
  return assessed.full ? lines : eventByEvent(lines);
};
