import type { Handlers, InputOf, OutputOf } from '@sentinel/contracts';
import {
  accepted,
  beforeAll,
  type EventStore,
  exchangeMidnight,
  type LogPosition,
  type Outcome,
  type RecordedEvent,
  type RequestContext,
} from '@sentinel/contracts/kernel';
import { type MarketData, tradingMode } from '@sentinel/contracts/market';
import type { ComponentHealth } from '@sentinel/contracts/system';
import { needsDecision, type Standing } from './needs-decision.ts';
import { unreadables } from './unreadables.ts';

type Asked =
  | 'GetKillSwitchStatus'
  | 'GetLimits'
  | 'GetPortfolioStatus'
  | 'ListApprovals'
  | 'ListOrders'
  | 'ListRecentEvents';
type Brief = OutputOf<'GetBrief'>;
/** How far views must have been folded. */
type Seen = { readonly min_position?: LogPosition };
type Changed = NonNullable<Brief['changed']>;

export type BriefSources = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly handlers: Handlers<Asked>;
  readonly components: () => Promise<readonly ComponentHealth[]>;
  /** The position of the last event that was recorded before an instant; undefined when none was. */
  readonly lastBefore: (end: Temporal.Instant) => Promise<LogPosition | undefined>;
};

const pageSize = 1_000;
/** Events that a brief counts at the most. */
const mostEvents = 20_000;
const mostHighlights = 12;

/** What weighs most among what happens. */
const weighty = [
  ...['HaltEngaged', 'HaltReleased', 'HaltReleaseRequested', 'LimitsAdopted'],
  ...['ApprovalRequested', 'ApprovalGranted', 'WindDownRequested', 'PaperAccountReset'],
  ...['OrderFilled', 'OrderRejected', 'OrderDenied', 'OrderOutcomeUnknown', 'ExecutionBusted'],
  ...['SessionOpened', 'SessionClosed', 'CorporateActionApplied'],
];

const since = async (
  { eventStore }: BriefSources,
  after: LogPosition,
): Promise<{ readonly events: readonly RecordedEvent[]; readonly all: boolean }> => {
  const events: RecordedEvent[] = [];
  for (let from = after; events.length < mostEvents; ) {
    const page = await eventStore.readAll({ after: from, maxCount: pageSize });
    events.push(...page);
    const last = page.at(-1)?.logPosition;
    if (last === undefined || page.length < pageSize) return { events, all: true };
    from = last;
  }
  return { events, all: false };
};

const changedSince = async (
  sources: BriefSources,
  after: LogPosition,
  { seen, context }: { readonly seen: Seen; readonly context: RequestContext },
): Promise<Changed> => {
  const { events, all } = await since(sources, after);
  const halts = new Set(['HaltEngaged', 'HaltReleased']);
  const count = (...types: readonly string[]) =>
    events.filter(({ type }) => types.includes(type)).length;
  // A halt stands in control and, as a copy, in each session: it is one.
  const halted = events.filter(({ type, stream }) => halts.has(type) && stream === 'control');
  const lines = await Promise.all(
    weighty.map(async (type) => {
      const asked = { type, detail: 'full' as const, limit: mostHighlights, ...seen };
      const found = await sources.handlers.ListRecentEvents(asked, context);
      if (!found.ok) throw new Error(found.refusal.code);
      return found.value.events;
    }),
  );
  const highlights = lines
    .flat()
    .filter(({ log_position, type, stream }) => {
      const isCopy = type.startsWith('Halt') && stream !== 'control';
      return BigInt(log_position) > after && !isCopy;
    })
    .sort((a, b) => (BigInt(a.log_position) > BigInt(b.log_position) ? -1 : 1))
    .slice(0, mostHighlights);
  return {
    events_count: events.length,
    counted_all: all,
    orders_submitted: count('OrderSubmitted'),
    orders_denied: count('OrderDenied'),
    fills: count('OrderFilled', 'OrderPartiallyFilled'),
    signals: count('SignalFound'),
    halts: halted.length,
    highlights: highlights.map(({ summary, event_id, log_position }) => ({
      text: summary,
      ...{ event_id, log_position },
    })),
  };
};

const startOf = async (
  { market, lastBefore }: BriefSources,
  given: InputOf<'GetBrief'>['since'],
): Promise<LogPosition> => {
  if (given !== undefined && 'position' in given) return given.position as LogPosition;
  const from = given?.instant ?? exchangeMidnight(market.session(market.now()).date);
  return (await lastBefore(from)) ?? beforeAll;
};

const headlineOf = ({ needs_decision, unreadable, changed }: Omit<Brief, 'calm' | 'headline'>) => {
  const parts = [
    ...(unreadable.length > 0 ? [`${unreadable.length} thing(s) could not be read`] : []),
    ...(needs_decision.length > 0 ? [`${needs_decision.length} thing(s) need a decision`] : []),
    ...(changed === null
      ? []
      : [
          `${changed.events_count} events, ${changed.fills} fills, ${changed.orders_denied} denials`,
        ]),
  ];
  return `${parts.join('; ')}.`;
};

/** What a person coming back has to know. What cannot be read is said, and is never calm. */
export const briefHandlers = (sources: BriefSources): Handlers<'GetBrief'> => ({
  GetBrief: async ({ since: given }, context) => {
    const { handlers, market, eventStore } = sources;
    const { unreadable, tried, answered } = unreadables();
    const ask = <Value>(what: string, outcome: Promise<Outcome<Value>>) => answered(what, outcome);
    const end = await tried('the end of the log', eventStore.lastPosition());
    // Views that are behind the log answer nothing here: old news would pass for none.
    const seen = end === null ? {} : { min_position: end };
    const after = await tried('since when', startOf(sources, given));
    const changed =
      after === null
        ? null
        : await tried('the log', changedSince(sources, after, { seen, context }));
    const standing: Standing = {
      killSwitch: await ask('halts', handlers.GetKillSwitchStatus(seen, context)),
      approvals: await ask(
        'what waits for a human',
        handlers.ListApprovals({ pending_only: true }, context),
      ),
      limits: await ask('limits', handlers.GetLimits({}, context)),
      unknown: await ask(
        'orders of unknown outcome',
        handlers.ListOrders({ status: 'unknown', limit: 20, ...seen }, context),
      ),
    };
    const account = await ask('the account', handlers.GetPortfolioStatus(seen, context));
    const components = await tried('the components', sources.components());
    for (const { component, state, detail } of components ?? [])
      if (state !== 'ready') unreadable.push({ what: component, why: detail });
    for (const symbol of account?.stale_marks ?? [])
      unreadable.push({ what: `the price of ${symbol}`, why: 'There is no quote of it now.' });
    const brief = {
      mode: tradingMode(market.source),
      at: market.now(),
      since_position: after === null ? null : `${after}`,
      log_position: end === null ? null : `${end}`,
      changed,
      account: account && {
        equity_usd: account.equity,
        day_pnl_usd: account.day_pnl,
        open_positions: account.open_positions,
        working_orders: account.working_orders,
      },
      needs_decision: [...needsDecision(standing)],
      unreadable,
    };
    const calm = brief.needs_decision.length === 0 && unreadable.length === 0;
    return accepted({ calm, headline: headlineOf(brief), ...brief });
  },
});
