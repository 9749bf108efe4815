import type { PasskeyProof } from '@sentinel/contracts/approval';
import {
  type ApprovalRequestId,
  type DecisionId,
  money,
  type OrderId,
  price,
  quantity,
} from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { requestDigest } from '../../approval/index.ts';
import { buy, noon, ordinaryFacts } from '../../risk/fixtures.ts';
import { testDigest } from '../test-kit/test-desk.ts';
import { type Session, sessionDecider } from './index.ts';
import { tradingDay } from './test-day.ts';

const limits = { approval: { aboveValue: money.of('0') } };
const orderId = '01890000-0000-7000-8000-00000000aaaa' as OrderId;
const decisionId = '01890000-0000-7000-8000-00000000bbbb' as DecisionId;
const requestId = '01890000-0000-7000-8000-00000000cccc' as ApprovalRequestId;
const intent = buy(10);
const judged = {
  ...{ facts: ordinaryFacts(), gathered: { symbols: [], uncorrelated: [], intent } },
  ...{ decisionId, codeDigest: testDigest('code') },
};

/** A day on which an order of ten shares waits for a human. */
const proposedDay = () => {
  const day = tradingDay({ limits });
  const asking = { requestId, requestedBy: 'local:test', requestedAt: noon };
  const events = day.take({
    ...{ type: 'PlaceOrder', purpose: 'proposal', intent, orderId, ...judged },
    ...{ idempotencyKey: null, earlierUse: null, paramsDigest: testDigest('1') },
    asking: { ...asking, expiresAt: noon.add({ minutes: 15 }) },
  });
  return { day, events };
};
const answer = (session: Session, proof?: PasskeyProof) => {
  const request = session.requests.get(requestId);
  if (request === undefined) throw new Error('nobody was asked');
  const by = { principal: 'human:ann', identifiedBy: 'passkey', through: 'page' } as const;
  const named = { requestId, requestDigest: requestDigest(request, testDigest) };
  return { ...named, by, at: noon, ...(proof && { proof }) };
};

test('an order that needs a human, with nobody to ask, is a fault of ours: nothing is recorded', () => {
  const day = tradingDay({ limits });
  const before = day.events.length;
  expect(() => day.place({ shares: 1 })).toThrow('nobody said by when');
  expect(day.events).toHaveLength(before);
});

describe('an order that waits for a human', () => {
  test('shows the checks that are not met or not known, and how many are met', () => {
    const { events } = proposedDay();
    const [assessed, proposed] = events;
    if (assessed?.type !== 'RiskAssessed' || proposed?.type !== 'OrderProposed')
      throw new Error('nothing was proposed');
    const { checks } = assessed.data;
    const having = (...statuses: readonly string[]) =>
      checks.filter(({ status }) => statuses.includes(status)).map(({ code }) => code);
    const [passed, aside] = [having('PASS'), having('PASS', 'NOT_APPLICABLE')];
    expect([passed.length > 0, aside.length > passed.length]).toEqual([true, true]);
    const { data } = proposed;
    expect(data.passed).toBe(passed.length);
    expect(data.checks.map(({ code }) => code)).toEqual(
      checks.map(({ code }) => code).filter((code) => !aside.includes(code)),
    );
    expect(data.checks.length).toBeGreaterThan(0);
    expect(data.wanted).toBe(false);
  });

  test('is one of ours of which nothing traded, and waits no more once it was answered', () => {
    const { day } = proposedDay();
    expect(day.session().orders.get(orderId)).toMatchObject({
      ...{ status: 'initialized', external: false, executions: [], busted: [], reason: null },
    });
    expect(day.session().proposals.size).toBe(1);
    day.take({ type: 'AnswerProposal', answer: answer(day.session()), judging: null });
    expect([day.status(orderId), day.session().proposals.size]).toEqual(['denied', 0]);
  });

  test('is granted with the proof of a passkey where there is one', () => {
    const proof = {
      ...{ credentialId: 'Y3JlZA', authenticatorData: 'YXV0aA' },
      ...{ clientDataJSON: 'e30', signature: 'c2ln' },
    } as PasskeyProof;
    const granted = (given?: PasskeyProof) => {
      const { day } = proposedDay();
      const yes = { type: 'AnswerProposal', answer: answer(day.session(), given) } as const;
      const [event, ...rest] = day.take({ ...yes, judging: judged });
      expect(rest.map(({ type }) => type)).toEqual(['RiskAssessed', 'OrderSubmitted']);
      if (event?.type !== 'ApprovalGranted') throw new Error('nothing was granted');
      return event.data;
    };
    expect(granted(proof).proof).toEqual(proof);
    expect(granted()).not.toHaveProperty('proof');
  });

  test('is not judged by facts that lack what is held by now', () => {
    const { day } = proposedDay();
    const limit = { orderType: 'limit', limitPrice: price.of('99'), timeInForce: 'gtc' } as const;
    const external = {
      ...{ intent: buy(1, limit), submittedAt: noon, price: price.of('99') },
      cumulativeQuantity: quantity.zero,
    };
    const told = { orderId: null, venueOrderId: 'theirs', at: noon, external };
    day.take({ type: 'ReportVenue', reports: [{ ...told, execType: 'new' }] });
    const yes = { type: 'AnswerProposal', answer: answer(day.session()), judging: judged } as const;
    expect(() => day.take(yes)).toThrow('FACTS_LACKING');
    expect(day.session().proposals.size).toBe(1);
  });

  test('that is not the one that was asked for is never submitted', () => {
    const { day } = proposedDay();
    const session = day.session();
    const [proposal] = session.proposals.values();
    if (proposal === undefined) throw new Error('nothing was proposed');
    const more = { ...proposal, intent: { ...intent, quantity: quantity.fromShares(11) } };
    const forged = { ...session, proposals: new Map([[orderId, more]]) };
    const { decide } = sessionDecider(testDigest);
    const yes = { type: 'AnswerProposal', answer: answer(session), judging: judged } as const;
    expect(() => decide(yes, forged)).toThrow('is not the one that was asked for');
  });

  test('cannot be answered where none was proposed: the log is not ours', () => {
    const { day } = proposedDay();
    const forged = { ...day.session(), proposals: new Map() };
    const { decide } = sessionDecider(testDigest);
    const no = { type: 'AnswerProposal', answer: answer(forged), judging: null } as const;
    expect(() => decide(no, forged)).toThrow(`nothing was proposed as ${orderId}`);
    const late = { type: 'ExpireProposals', at: noon.add({ hours: 1 }) } as const;
    const expired = decide(late, forged);
    expect(expired.ok && expired.value.map(({ type }) => type)).toEqual(['ApprovalExpired']);
  });
});
