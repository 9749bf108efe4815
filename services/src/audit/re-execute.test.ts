import { canonicalJson, price, quantity, type StreamName } from '@sentinel/contracts/kernel';
import type { Ticker } from '@sentinel/contracts/market';
import type { RiskAssessed } from '@sentinel/contracts/risk';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { sha256 } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { assessedAccount } from '../execution/index.ts';
import { testContext, testDesk, tuesdayNoon } from '../execution/test-kit/test-desk.ts';
import { buy } from '../risk/fixtures.ts';
import { assess, policyOf, recordAssessment } from '../risk/index.ts';
import { reExecute } from './re-execute.ts';

const aapl = 'AAPL' as Ticker;
const session = 'session-paper-2026-03-03' as StreamName;

/** A decision over a session with a holding, as the policy of `version` records it. */
const decided = async (version: string, of: { readonly shares: number } = { shares: 3 }) => {
  const desk = testDesk(memoryEventStore({ now: () => tuesdayNoon }));
  await desk.open(desk.limits);
  await desk.order({ symbol: aapl, qty: quantity.fromShares(5) });
  const { state } = await desk.sessions.load(session);
  if (state.phase !== 'open') throw new Error('no session is open');
  const intent = buy(of.shares, { symbol: aapl });
  const { uncorrelated: _, ...facts } = await desk.facts.gather(
    intent,
    [aapl],
    testContext.metadata,
  );
  const account = assessedAccount(state, { intent, facts });
  const inputs = { intent, facts, limits: state.limits, account };
  const policy = policyOf(version);
  if (policy === undefined) throw new Error(`no policy ${version}`);
  const recorded = recordAssessment(inputs, assess(inputs, policy), {
    decisionId: 'a decision' as RiskAssessed['decisionId'],
    purpose: 'order',
    codeDigest: sha256('code'),
    digest: sha256,
  });
  return { state, recorded };
};

/** What the digest of a result was taken of before policy risk-4. */
const byTheOldRule = ({ reducing, checks, outcome, denialCode }: RiskAssessed) =>
  sha256(canonicalJson({ reducing, checks, outcome, denialCode }));

/** As it would stand in a log if every sentence had been another then. */
const inOtherWords = (recorded: RiskAssessed): RiskAssessed => {
  const checks = recorded.checks.map((check) => ({ ...check, message: `Once: ${check.message}` }));
  return { ...recorded, checks };
};

const old = ['risk-1', 'risk-2', 'risk-3'];

describe('a decision of a policy whose digest covers the sentences', () => {
  test.each(old)('of %s is equal, and both digests are the recorded one', async (version) => {
    const { state, recorded } = await decided(version);
    expect(recorded.resultDigest).toBe(byTheOldRule(recorded));
    expect(reExecute(recorded, state, sha256)).toEqual({
      result: 'equal',
      inputsDigest: recorded.inputsDigest,
      resultDigest: recorded.resultDigest,
      differences: [],
    });
  });

  test.each(old)('of %s is equal though every sentence has changed since', async (version) => {
    const { state, recorded } = await decided(version);
    const reworded = inOtherWords(recorded);
    const asRecorded = { ...reworded, resultDigest: byTheOldRule(reworded) };
    expect(asRecorded.resultDigest).not.toBe(recorded.resultDigest);
    const again = reExecute(asRecorded, state, sha256);
    expect(again.result).toBe('equal');
    expect(again.resultDigest).toBe(asRecorded.resultDigest);
  });

  test('is different when what is recorded has not the recorded digest', async () => {
    const { state, recorded } = await decided('risk-3');
    const again = reExecute(inOtherWords(recorded), state, sha256);
    expect(again.result).toBe('different');
    expect(again.differences.map(({ path }) => path)).toEqual(['resultDigest']);
  });
});

describe('a decision of today', () => {
  test('is equal, whatever its sentences say', async () => {
    const { state, recorded } = await decided('risk-4');
    expect(reExecute(recorded, state, sha256).result).toBe('equal');
    const again = reExecute(inOtherWords(recorded), state, sha256);
    expect(again).toMatchObject({ result: 'equal', resultDigest: recorded.resultDigest });
  });
});

describe.each([...old, 'risk-4'])('a planted change in a decision of %s', (version) => {
  const planted = (recorded: RiskAssessed, n: number): RiskAssessed => {
    const checks = recorded.checks.map((check, at) =>
      at === n ? { ...check, value: '1' } : check,
    );
    const changed = { ...recorded, checks };
    return { ...changed, resultDigest: byTheOldRule(changed) };
  };

  test('of a value shows where it is, even with a digest that fits it', async () => {
    const { state, recorded } = await decided(version);
    const n = recorded.checks.findIndex(({ code }) => code === 'SPREAD');
    const again = reExecute(planted(recorded, n), state, sha256);
    expect(again.result).toBe('different');
    expect(again.differences.map(({ path }) => path)).toContain(`checks.${n}.value`);
    expect(again.resultDigest).not.toBe(planted(recorded, n).resultDigest);
  });

  test('of the intent or the facts shows in the digest of the inputs', async () => {
    const { state, recorded } = await decided(version);
    const facts = { ...recorded.facts, estimatedFees: recorded.facts.estimatedFees + 1n };
    const changed = { ...recorded, facts } as RiskAssessed;
    const paths = reExecute(changed, state, sha256).differences.map(({ path }) => path);
    expect(paths).toContain('inputsDigest');
    const limited = { ...recorded, intent: { ...recorded.intent, stopPrice: price.of('1') } };
    expect(reExecute(limited, state, sha256).result).toBe('different');
  });
});

test('a denial is made again as the same denial', async () => {
  const { state, recorded } = await decided('risk-3', { shares: 5_000 });
  expect(recorded.outcome).toBe('DENIED');
  expect(reExecute(recorded, state, sha256).result).toBe('equal');
});
