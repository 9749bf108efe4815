import { isWorking } from '@sentinel/contracts/execution';
import { type OrderId, type Quantity, quantity } from '@sentinel/contracts/kernel';
import type { CheckCode, RiskAssessed, RiskCheck } from '@sentinel/contracts/risk';
import type { SessionState } from '../session/index.ts';

const smaller = 'Order less; risk.size_position says how many shares pass every limit.';
const lossLimit = 'Exits still pass; risk.drawdown says what may still be lost.';

/** What to do about a check that denied, where it is always the same. */
const always: Partial<Record<CheckCode, string>> = {
  AUTHORISED: 'A human can change the grant at the desk; it is in force from the next call on.',
  MAX_ORDER_VALUE: smaller,
  MAX_ORDER_VOLUME: smaller,
  CREDIT_THRESHOLD: smaller,
  PER_TRADE_RISK: smaller,
  POSITION_SIZE: smaller,
  GROSS_EXPOSURE: smaller,
  LIQUIDITY: smaller,
  MAX_POSITIONS: 'Close a position first (execution.close_position).',
  DAILY_DRAWDOWN: lossLimit,
  WEEKLY_DRAWDOWN: lossLimit,
  TRADING_HOURS: 'market.health says when the next session opens.',
  STALE_DATA: 'Try again when market.health shows that the data keeps up.',
};

type Denied = Pick<RiskAssessed, 'intent' | 'checks' | 'denialCode'> & {
  readonly at: Temporal.Instant;
};

/** When the window that is full has room again. */
const roomForMessages = (state: SessionState, at: Temporal.Instant): string => {
  if (state.phase === 'unopened') return '';
  const { messages } = state;
  const { limits } = state.limits;
  const waits = [
    { most: limits.maxMessagesPerSecond, windowMs: 1_000 },
    { most: limits.maxMessagesPerMinute, windowMs: 60_000 },
  ].map(({ most, windowMs }) => {
    const leaves = messages.get(`${messages.size - most + 1}`);
    return leaves === undefined ? 0 : leaves + windowMs - at.epochMilliseconds;
  });
  const longest = Math.max(...waits);
  const { maxMessagesPerSecond, maxMessagesPerMinute, maxMessagesPerDay } = limits;
  const noneLeft =
    messages.size >= maxMessagesPerDay || maxMessagesPerSecond === 0 || maxMessagesPerMinute === 0;
  if (noneLeft || longest <= 0) return 'No more messages are taken in this session.';
  return `Try again in ${(Math.ceil(longest / 100) / 10).toFixed(1)} s.`;
};

/** A sale may be short of shares because exits hold them. */
const sharesHeld = (state: SessionState, { intent }: Denied): string => {
  const cover = 'Sell no more than can be sold, or sell short with side sell_short.';
  if (state.phase === 'unopened' || intent.side !== 'sell') return cover;
  const exits = [...state.orders.values()].filter(
    ({ intent: exit, link, status }) =>
      exit.symbol === intent.symbol && exit.side === 'sell' && link != null && isWorking(status),
  );
  if (exits.length === 0) return cover;
  // The exits of one bracket hold the same shares, those of another hold others.
  const byParent = new Map<OrderId, Quantity>();
  for (const { link, intent: exit, cumulativeQuantity } of exits) {
    if (link === undefined) continue;
    const leaves = quantity.subtract(exit.quantity, cumulativeQuantity);
    const most = byParent.get(link.parentId) ?? quantity.zero;
    byParent.set(link.parentId, leaves > most ? leaves : most);
  }
  const held = [...byParent.values()].reduce(quantity.add, quantity.zero);
  return `${quantity.format(held)} of your shares are held by exits ${exits.map(({ orderId }) => orderId).join(' and ')}: execution.close_position releases and sells them.`;
};

const released = ({ checks, intent }: Denied): string => {
  const suspended = checks.some(
    ({ code, value }) => code === 'STRATEGY_STATE' && value === 'suspended',
  );
  return suspended
    ? `${intent.strategyId} is suspended: governance.promote_strategy to the state before asks a human for its return; governance.list_strategies shows it.`
    : 'Only a human releases it: risk.kill_switch_disable asks for that. What shrinks a position passes meanwhile.';
};

const explain = 'Ask audit.explain_trade with the decision id for every check.';

/** What a caller can do about a denial of an earlier call, whatever its state was. */
export const wayOutOf = (code: string | undefined): string =>
  Object.entries(always).find(([known]) => known === code)?.[1] ?? explain;

/** What a caller can do about a denial, by the state that it met. */
export const wayOut = (denied: Denied, state: SessionState): string => {
  const { denialCode } = denied;
  switch (denialCode) {
    case 'MAX_MESSAGES':
      return roomForMessages(state, denied.at);
    case 'SHORT_SALE':
      return sharesHeld(state, denied);
    case 'KILL_STATE':
    case 'STRATEGY_STATE':
      return released(denied);
    default:
      return wayOutOf(denialCode ?? undefined);
  }
};

/** What was measured of the check that denied, against what. */
export const figuresOf = ({ checks, denialCode }: Denied): string => {
  const check: RiskCheck | undefined = checks.find(({ code }) => code === denialCode);
  return check === undefined || check.value === null
    ? ''
    : ` Measured ${check.value}, limit ${check.limit ?? 'none'} (${check.unit}).`;
};
