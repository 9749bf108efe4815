import {
  accepted,
  type DecisionId,
  type EventMetadata,
  money,
  type NewId,
  type OrderId,
  type Outcome,
  price,
  quantity,
  type Sha256,
} from '@sentinel/contracts/kernel';
import type { OrderIntent } from '@sentinel/contracts/risk';
import type { Asking } from '../../access/index.ts';
import {
  type Answer,
  type Answered,
  type ApprovalSource,
  type KnownRequest,
  requestDigest,
  type ShownRequest,
} from '../../approval/index.ts';
import type { Session } from '../session/index.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { PlacementOptions } from './placement.ts';

type Proposal = Session['proposals'] extends ReadonlyMap<string, infer Each> ? Each : never;

const sides = { buy: 'Buy', sell: 'Sell', sell_short: 'Sell short' } as const;

/** An order as a person would say it. */
const wordsOf = (intent: OrderIntent): string => {
  const { side, quantity: shares, symbol, orderType, limitPrice, triggerPrice } = intent;
  const at = [
    ...(triggerPrice === undefined ? [] : [`once it trades at ${price.format(triggerPrice)}`]),
    ...(limitPrice === null
      ? []
      : [`at ${price.format(limitPrice)} or ${side === 'buy' ? 'less' : 'more'}`]),
  ].join(', ');
  return `${sides[side]} ${quantity.format(shares)} ${symbol}${at === '' ? ` by ${orderType.replaceAll('_', ' ')} order` : ` ${at}`}`;
};

const exitLines = ({
  exits,
  timeInForce,
  strategyId,
  stopPrice,
}: OrderIntent): readonly string[] => {
  const { takeProfit = null, stopLoss = null } = exits ?? {};
  return [
    `It is good for: ${timeInForce}.${strategyId === null ? '' : ` Strategy: ${strategyId}.`}`,
    ...(takeProfit === null ? [] : [`It takes its profit at ${price.format(takeProfit)}.`]),
    ...(stopLoss === null ? [] : [`It stops its loss at ${price.format(stopLoss)}.`]),
    ...(stopLoss === null && stopPrice !== null
      ? [`Its owner means to get out at ${price.format(stopPrice)}; no order stands for that.`]
      : []),
  ];
};

const linesOf = (
  session: Session,
  { subject, limitsVersion }: KnownRequest,
  intent: OrderIntent,
) => {
  const proposal = session.proposals.get(subject);
  const worth =
    proposal === undefined || proposal.value === null
      ? []
      : [`It is worth ${money.format(proposal.value)} dollars at the price of then.`];
  return [
    `Simulated: no real money. Account ${session.account}, session of ${session.date}.`,
    ...worth,
    ...exitLines(intent),
    ...(proposal === undefined
      ? []
      : [
          `${proposal.passed} checks passed under limits version ${limitsVersion}.`,
          ...proposal.checks.map(({ code, message }) => `${code}: ${message}`),
        ]),
    'When you say yes it is judged again on the market of that moment.',
  ];
};

const outcomes = {
  OrderSubmitted: 'Approved: the order passed every check again and is on its way to the venue.',
  OrderDenied: 'Approved, and then denied by the checks: nothing was submitted.',
} as const;

/** It is the proposer's grant that counts, whoever says yes. */
const askedBy = (
  proposal: Proposal | undefined,
  { request, metadata }: { readonly request: KnownRequest; readonly metadata: EventMetadata },
): Asking => {
  const { grantId: _, grantVersion: __, ...answerer } = metadata;
  const grantId = proposal?.grantId;
  return {
    metadata: {
      ...answerer,
      principal: request.requestedBy,
      ...(grantId !== undefined && { grantId }),
    },
    asks: proposal?.wanted === false ? 'trade' : 'propose',
  };
};

/** The orders of one account that wait for a human. */
export const proposalApprovals = (
  options: Pick<PlacementOptions, 'gathering' | 'newId' | 'codeDigest' | 'digest'> & {
    readonly sessions: Sessions;
    readonly newId: NewId;
    readonly codeDigest: Sha256;
  },
): ApprovalSource => {
  const { sessions, gathering, newId, codeDigest, digest } = options;

  const openSessions = async () => {
    const open = await sessions.open();
    return Promise.all(
      open.map(async ({ stream }) => ({ stream, session: (await sessions.refresh(stream)).state })),
    );
  };

  const shown = (session: Session, request: KnownRequest): readonly ShownRequest[] => {
    const record = session.orders.get(request.subject as OrderId);
    if (record === undefined) return [];
    return [
      {
        request_id: request.requestId,
        kind: request.kind,
        status: request.status,
        title: wordsOf(record.intent),
        lines: linesOf(session, request, record.intent),
        reason_given: request.givenReason,
        requested_by: request.requestedBy,
        requested_at: request.requestedAt,
        expires_at: request.expiresAt,
        digest: requestDigest(request, digest),
      },
    ];
  };

  const answerIn = async (
    stream: Awaited<ReturnType<typeof openSessions>>[number]['stream'],
    {
      answer,
      intent,
      asking,
    }: {
      readonly answer: Answer & { readonly approves: boolean };
      readonly intent: OrderIntent;
      readonly asking: Asking;
    },
    metadata: EventMetadata,
  ): Promise<Outcome<Answered>> => {
    const { approves, ...given } = answer;
    const command = { type: 'AnswerProposal', answer: given } as const;
    const decisionId = newId() as DecisionId;
    const outcome = approves
      ? await gathering(stream, {
          intentIn: () => intent,
          command: (known) => ({ ...command, judging: { ...known, decisionId, codeDigest } }),
          metadata,
          asking,
        })
      : await sessions.execute(stream, { ...command, judging: null }, metadata);
    if (!outcome.ok) return outcome;
    const { events, logPosition } = outcome.value;
    const types = events.map(({ event }) => event.type);
    const told = !approves
      ? 'Declined: nothing was submitted.'
      : types.includes('OrderSubmitted')
        ? outcomes.OrderSubmitted
        : outcomes.OrderDenied;
    return accepted({ told, logPosition: `${logPosition ?? 0n}` });
  };

  return {
    list: async () =>
      (await openSessions()).flatMap(({ session }) =>
        session.phase === 'unopened'
          ? []
          : [...session.requests.values()].flatMap((request) => shown(session, request)),
      ),
    answer: async (answer, metadata) => {
      for (const { stream, session } of await openSessions()) {
        if (session.phase === 'unopened') continue;
        const request = session.requests.get(answer.requestId);
        const record = request && session.orders.get(request.subject as OrderId);
        if (request === undefined || record === undefined) continue;
        const asking = askedBy(session.proposals.get(record.orderId), { request, metadata });
        return answerIn(stream, { answer, intent: record.intent, asking }, metadata);
      }
      return undefined;
    },
  };
};
