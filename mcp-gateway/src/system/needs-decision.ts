import type { OutputOf } from '@sentinel/contracts';

type Needed = OutputOf<'GetBrief'>['needs_decision'][number];

/** What was read of what may wait for somebody; null where it could not be. */
export type Standing = {
  readonly killSwitch: OutputOf<'GetKillSwitchStatus'> | null;
  readonly approvals: OutputOf<'ListApprovals'> | null;
  readonly limits: OutputOf<'GetLimits'> | null;
  readonly unknown: OutputOf<'ListOrders'> | null;
};

const halts = ({ killSwitch }: Standing): readonly Needed[] =>
  (killSwitch?.halts ?? []).map(({ halt_id, scope, target, reason }) => ({
    kind: 'halt',
    text: `${target === null ? `Everything (${scope})` : `${scope} ${target}`} is halted: ${reason}`,
    id: halt_id,
    until: null,
    what_to_do: 'Leave it, or ask for its release with risk.kill_switch_disable.',
  }));

const approvals = ({ approvals: found }: Standing): readonly Needed[] =>
  (found?.approvals ?? []).map(({ request_id, kind, title, expires_at }) => ({
    kind: kind === 'halt_release' ? 'release' : 'approval',
    text: `${title}?`,
    id: request_id,
    until: expires_at,
    what_to_do: found?.how_to_approve ?? '',
  }));

const orders = ({ unknown }: Standing): readonly Needed[] =>
  (unknown?.orders ?? []).map(({ order_id, side, symbol }) => ({
    kind: 'unknown_order',
    text: `What became of an order is not known: ${side} ${symbol}, order ${order_id}.`,
    id: order_id,
    until: null,
    what_to_do: 'Ask the venue with execution.reconcile.',
  }));

/** They pass by themselves before anybody could decide anything. */
const passing: ReadonlySet<string> = new Set(['messages_per_second', 'messages_per_minute']);

const limits = ({ limits: found }: Standing): readonly Needed[] =>
  (found?.limits ?? [])
    .filter(({ limit, state }) => state !== 'ok' && !passing.has(limit))
    .map(({ limit, now, allowed, unit, state, detail }) => ({
      kind: 'limit',
      text: `${limit} is ${state}: ${now} of ${allowed} ${unit}${detail === null ? '' : ` (${detail})`}.`,
      id: null,
      until: null,
      what_to_do: 'Reduce what counts towards it before adding risk; risk.limits tells the room.',
    }));

export const needsDecision = (standing: Standing): readonly Needed[] => [
  ...approvals(standing),
  ...halts(standing),
  ...orders(standing),
  ...limits(standing),
];
