import { isWorking } from '@sentinel/contracts/execution';
import { isBefore, type Price, quantity } from '@sentinel/contracts/kernel';
import type { MarketBar } from '@sentinel/contracts/market';
import {
  type BarLook,
  isClosing,
  isItsOpening,
  type Place,
  type Trade,
  tradeOf,
} from './bar-trade.ts';
import { cancelDueAt, dueAt, faultsOf, replaceDueAt } from './draws.ts';
import { fillPrice } from './fill-price.ts';
import { lifeOf } from './lifetime.ts';
import type { FillReport, PaperReport } from './report.ts';

export type BarOutcome = {
  readonly reports: readonly PaperReport[];
  /** Where the order traded, if it could: its fill, if there is one among the reports, was there. */
  readonly place: Place | undefined;
};

/**
 * What the paper venue says of a working order at one completed bar. Inside a bar only its four prices
 * are known, and what they do not decide is decided against the order: it meets only bars that began
 * after it was submitted and its prices were asked for; a gap fills at the open; a limit inside the bar
 * must be passed by a tick, not touched; a stop is judged before the bar's good side; a trailing stop by
 * where it stood before the bar. At most a share of the bar's volume is filled, the rest keeps working.
 */
export const venueReportsOnBar = (look: BarLook): BarOutcome => {
  const { order, bar, terms, session, tradingDate } = look;
  if (!isWorking(order.status) || order.status === 'unknown') return nothing;
  if (isOlder(look)) return nothing;
  const arrived = laterOf(dueAt(order, terms), look.isRenewed ? order.termsAt : undefined);
  const due = within(bar, arrived);
  const at = within(bar, momentOf(look, arrived));
  const { reports, lives } = lifeOf({ order, session, terms, tradingDate, at, due });
  if (!lives) return { reports: reports.map((each) => fromTheStart(each, due)), place: undefined };
  // Nobody traded in a bar without volume, whatever its prices: nothing was reached in it.
  if (bar.volume <= 0n) return { reports: [...reports, ...unfilled(look, at)], place: undefined };
  const { trade, stops, active, reached } = tradeOf(look, at);
  const fill =
    trade === undefined ? undefined : fillOf({ ...look, order: active }, { trade, at, reached });
  const fills =
    fill === undefined ? [] : faultsOf(order, terms)?.repeatsFill === true ? [fill, fill] : [fill];
  const left = order.leavesQuantity - (fill?.quantity ?? 0n);
  const ended = left > 0n ? unfilled(look, at) : [];
  return { reports: [...reports, ...stops, ...fills, ...ended], place: trade?.place };
};

/**
 * What was asked for inside the bar, and reached the venue in it, is done at its end: until then the order
 * met the bar as it was, and the next one it meets as it is now, or not at all.
 */
export const changesAtEnd = (
  look: Omit<BarLook, 'available' | 'isRenewed'>,
): readonly PaperReport[] => {
  const { order, bar, terms, session, tradingDate } = look;
  if (order.status !== 'pending_cancel' && order.status !== 'pending_replace') return [];
  const moment = { at: bar.end, due: within(bar, dueAt(order, terms)) };
  const { reports } = lifeOf({ order, session, terms, tradingDate, ...moment });
  const last = reports.at(-1)?.type;
  return last === 'canceled' || last === 'replaced' || last === 'replace_rejected' ? reports : [];
};

/** New terms hold for the whole bar, and no bar is met by terms that came after it had begun. */
const fromTheStart = (report: PaperReport, due: Temporal.Instant): PaperReport =>
  report.type === 'replaced' ? { ...report, at: due } : report;

const nothing: BarOutcome = { reports: [], place: undefined };

/**
 * Whether the order, or its prices, came after the bar had begun: the bar is then of no order. Of the last
 * bar an order for the closing takes nothing but the close, which came after it.
 */
const isOlder = (look: BarLook): boolean => {
  const { order, bar, isRenewed } = look;
  if (order.intent.timeInForce === 'cls' && isClosing(look)) return false;
  const since = (isRenewed ? undefined : order.termsAt) ?? order.submittedAt;
  return isBefore(bar.start, order.submittedAt) || isBefore(bar.start, since);
};

/** Whether new terms that wait for the venue were asked for before the bar: it is the first that they meet. */
export const isRenewedBy = (bar: MarketBar, { replacement }: BarLook['order']): boolean =>
  replacement !== undefined && !isBefore(bar.start, replacement.at);

const unfilled = (look: BarLook, at: Temporal.Instant): readonly PaperReport[] =>
  endsWithBar(look)
    ? [{ type: 'canceled', reason: 'What could not trade at once is canceled.', at }]
    : [];

const laterOf = (at: Temporal.Instant, other: Temporal.Instant | undefined): Temporal.Instant =>
  other !== undefined && isBefore(at, other) ? other : at;

const within = (bar: MarketBar, at: Temporal.Instant): Temporal.Instant =>
  isBefore(at, bar.start) ? bar.start : isBefore(bar.end, at) ? bar.end : at;

/** What was asked for before the bar has arrived by its first moment, the latency included. */
const momentOf = ({ order, bar, terms }: BarLook, arrived: Temporal.Instant): Temporal.Instant => {
  const { cancelRequestedAt } = order;
  const isCancelAsked = cancelRequestedAt !== null && !isBefore(bar.start, cancelRequestedAt);
  const asked = isCancelAsked ? cancelDueAt(order, terms) : undefined;
  const wished = isRenewedBy(bar, order) ? replaceDueAt(order, terms) : undefined;
  return laterOf(laterOf(arrived, asked), wished);
};

const endsWithBar = (look: BarLook): boolean => {
  const { timeInForce } = look.order.intent;
  if (timeInForce === 'opg') return isItsOpening(look);
  if (timeInForce === 'cls') return isClosing(look);
  return timeInForce === 'ioc' || timeInForce === 'fok';
};

const fillOf = (
  look: BarLook,
  {
    trade,
    at,
    reached: stopAt,
  }: {
    readonly trade: Trade;
    readonly at: Temporal.Instant;
    readonly reached: Price | undefined;
  },
): FillReport | undefined => {
  const { order, bar, terms, available } = look;
  const { leavesQuantity, intent } = order;
  if (available <= 0n) return undefined;
  if (intent.timeInForce === 'fok' && available < leavesQuantity) return undefined;
  return {
    type: 'fill',
    execution: order.fills + 1,
    quantity: quantity.min(leavesQuantity, available),
    price: fillPrice(order, trade.from, { terms, size: available, stopAt, within: bar }),
    at: trade.place === 'open' ? at : bar.end,
  };
};
