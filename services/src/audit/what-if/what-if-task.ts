import type { OutputOf } from '@sentinel/contracts';
import { auditQueries } from '@sentinel/contracts/audit';
import { type Digest, encodeBy, money, type OrderId, quantity } from '@sentinel/contracts/kernel';
import { marketBarSchema, quoteSchema } from '@sentinel/contracts/market';
import type { LimitsDocument, RiskAssessed } from '@sentinel/contracts/risk';
import type { Session } from '../../execution/index.ts';
import type { Task } from '../../kernel/index.ts';
import { equityAt } from '../replay/known-then.ts';
import { type ReplayStep, replaySession } from '../replay/replay-session.ts';
import { entriesOf, foldedSession, type StoredSession } from '../replay/stored-session.ts';
import type { Decided } from './judged.ts';
import { type LimitValues, limitsWith } from './limits-change.ts';
import type { Seen } from './market-seen.ts';
import { liveOtherwise, type Otherwise } from './otherwise.ts';

type Answer = OutputOf<'WhatIf'>;
type Case = Answer['cases'][number];

/** A quote or a bar in its stored form. */
export type StoredSight = { readonly quote: object } | { readonly bar: object };

export type WhatIfInput = {
  readonly session: StoredSession;
  readonly previous: StoredSession | null;
  readonly cases: readonly LimitValues[];
  /** How many changes of each case are told. */
  readonly changes: number;
  /** What the market showed in symbols of which an order was denied, oldest first. */
  readonly seen: readonly StoredSight[];
};

/** The answer as it travels, or where the session does not come out again as it is recorded. */
export type WhatIfOutput = { readonly answer: object } | { readonly differs: string };

const assumptions = [
  'Every order was asked for as it was: whoever asked does not know of the other limits.',
  'An order that is in both gets the fills that are recorded; one that is new meets the quotes of decisions and fills, and the market as its provider shows it again, minute by minute.',
  'Halts stand as they were engaged, and what is held beside the record keeps its last known price.',
];

const sightOf = (stored: StoredSight): Seen => {
  if ('quote' in stored) {
    const quote = quoteSchema.parse(stored.quote);
    return { at: quote.at, quote };
  }
  const bar = marketBarSchema.parse(stored.bar);
  return { at: bar.end, bar };
};

const changed =
  (values: LimitValues) =>
  (document: LimitsDocument): LimitsDocument => {
    const limits = limitsWith(document.limits, values);
    if (!limits.ok) throw new Error(limits.refusal.message);
    return { ...document, limits: limits.value };
  };

const filledOf = (session: Session, orderId: OrderId | null) =>
  (orderId === null ? undefined : session.orders.get(orderId)?.cumulativeQuantity) ?? quantity.zero;

const totalsOf = ({ session, prices, decisions }: Otherwise) => {
  const equity = equityAt(session, prices.marksOf(session));
  const count = (outcome: Decided['outcome']) =>
    [...decisions.values()].filter((each) => each.outcome === outcome).length;
  return {
    ...{ approved: count('APPROVED'), denied: count('DENIED'), equity },
    pnl: money.subtract(equity, session.dayStartEquity),
  };
};

const changesBetween = (
  base: Otherwise,
  other: Otherwise,
  assessed: ReadonlyMap<string, RiskAssessed>,
): Case['changes'] =>
  [...base.decisions].flatMap(([id, before]) => {
    const after = other.decisions.get(id);
    const data = assessed.get(id);
    if (after === undefined || data === undefined || after.outcome === before.outcome) return [];
    const { code, check } = after.outcome === 'APPROVED' ? before : after;
    return [
      {
        ...{ event_id: id, decision_id: data.decisionId, at: data.at },
        ...{ symbol: data.intent.symbol, side: data.intent.side, qty: data.intent.quantity },
        ...{ before: before.outcome, after: after.outcome, code },
        value: check?.value ?? null,
        limit: check?.limit ?? null,
        unit: check?.unit ?? null,
        message: check?.message ?? null,
        filled_qty_before: filledOf(base.session, before.orderId),
        filled_qty_after: filledOf(other.session, after.orderId),
      },
    ];
  });

/** Lives a session as it is recorded and under each of some other limits, and tells what changes. */
export const whatIfTask =
  (digest: Digest): Task<WhatIfInput, WhatIfOutput> =>
  ({ session, previous, cases, changes: told, seen: stored }, progress) => {
    const folded = previous === null ? undefined : foldedSession(previous, digest);
    const steps: ReplayStep[] = [];
    const entries = entriesOf(session);
    const { firstDifference } = replaySession(entries, {
      digest,
      previous: previous && folded ? { stream: previous.stream, session: folded } : undefined,
      onStep: (step) => steps.push(step),
    });
    if (firstDifference !== null) return { differs: firstDifference.what };
    const seen = stored.map(sightOf);
    const live = (values: LimitValues) =>
      liveOtherwise(steps, { digest, change: changed(values), seen });
    const assessed = new Map(
      entries.flatMap(({ id, event }): readonly (readonly [string, RiskAssessed])[] =>
        event.type === 'RiskAssessed' ? [[id, event.data]] : [],
      ),
    );
    const base = live({});
    const recorded = totalsOf(base);
    const answer: Answer = {
      session: session.stream,
      decisions: assessed.size,
      as_recorded: recorded,
      cases: cases.map((values, n) => {
        progress(n, cases.length, `case ${n + 1} of ${cases.length}`);
        const other = live(values);
        const totals = totalsOf(other);
        const all = changesBetween(base, other, assessed);
        return {
          limits: Object.fromEntries(
            Object.entries(values).map(([name, value]) => [name, `${value}`]),
          ),
          ...totals,
          pnl_difference: money.subtract(totals.equity, recorded.equity),
          decisions_changed: all.length,
          changes: all.slice(0, told),
        };
      }),
      assumptions,
    };
    return { answer: encodeBy(auditQueries.WhatIf.output, answer) as object };
  };
