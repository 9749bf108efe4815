import { canonicalJson, money, type OrderId, price, quantity } from '@sentinel/contracts/kernel';
import {
  assessedAccountSchema,
  limitsDocumentSchema,
  orderIntentSchema,
  riskFactsSchema,
} from '@sentinel/contracts/risk';
import { sha256 } from '@sentinel/infra/runtime';
import { describe, expect, test } from 'vitest';
import { assess } from './assess.ts';
import {
  buy,
  grantFact,
  haltOf,
  held,
  limitsWith,
  markAt,
  noon,
  nvda,
  ordinaryAccount,
  ordinaryFacts,
  ordinaryLimits,
} from './fixtures.ts';
import { policyOf } from './policies.ts';
import { digestInputs, digestResult, inputsText } from './record.ts';

const inputs = {
  intent: buy(10),
  facts: ordinaryFacts({ marks: [markAt(nvda, '119.95', 'Technology')] }),
  limits: limitsWith({}, 3),
  account: ordinaryAccount({
    positions: [held(nvda, 5, '110.25')],
    halts: [haltOf('symbol', 'TSLA')],
    sameOrderAt: noon.subtract({ seconds: 90 }),
    reservations: [
      {
        symbol: nvda,
        side: 'buy',
        leavesQuantity: quantity.of('1.5'),
        limitPrice: price.of('120.5'),
        reservedCash: money.of('180.75'),
        unresolved: false,
      },
    ],
  }),
};

const {
  collar: _collar,
  repeatedExecution: _repeated,
  restricted: _restricted,
  guard: _guard,
  ...limitsOfRisk2
} = ordinaryLimits;
const { order: _order, ...limitsOfRisk1 } = limitsOfRisk2;
/** As they were when only the first policy was there, and when the second was the newest. */
const ofRisk1 = { ...inputs, limits: { version: 3, limits: limitsOfRisk1 } };
const ofRisk2 = { ...inputs, limits: { version: 3, limits: limitsOfRisk2 } };
const risk1 = policyOf('risk-1');
const risk2 = policyOf('risk-2');
const risk3 = policyOf('risk-3');
const risk4 = policyOf('risk-4');
const risk6 = policyOf('risk-6');
const risk7 = policyOf('risk-7');

/** Decisions of the past are proved by these digests: another value here breaks every one of them. */
describe('the digests of an assessment', () => {
  test('of its inputs is what it has always been', () => {
    expect(digestInputs(ofRisk1, sha256, risk1)).toBe(
      '4c372269deec3cc55c654595f947f482052aa15aad7008c1a0cced7696fc384e',
    );
  });

  test('of its result is what it has always been', () => {
    expect(digestResult(assess(ofRisk1, risk1), sha256)).toBe(
      '97f76f374921f419aba145e73be54fff6bed8d48d93b61cdb25eb683eddc2ec3',
    );
  });

  test('are these by the policy of today', () => {
    expect(digestInputs(inputs, sha256)).toBe(
      'ebbb3744c49802f648229d1833b7cb67b73e9054ad7477bb46e608addb914791',
    );
    expect(digestResult(assess(inputs), sha256)).toBe(
      '7e4ba72152644a4c5141a484a6b896f782ab2ce320bbccff6fd2d075de553ad4',
    );
  });

  test('by the seventh policy are what they have always been', () => {
    expect(digestInputs(inputs, sha256, risk7)).toBe(
      'ebbb3744c49802f648229d1833b7cb67b73e9054ad7477bb46e608addb914791',
    );
    expect(digestResult(assess(inputs, risk7), sha256)).toBe(
      '3a0b34c51addd4bfcd9cf71a74f1fcd4c17aac2627ad0f2cffda9403095342de',
    );
  });

  test('see the grant and its day since the eighth policy', () => {
    const granted = {
      ...inputs,
      facts: { ...inputs.facts, grant: grantFact() },
      account: { ...inputs.account, grantedToday: money.of('7') },
    };
    const without = { ...granted, account: inputs.account };
    expect(digestInputs(granted, sha256)).not.toBe(digestInputs(without, sha256));
    expect(digestInputs(granted, sha256, risk7)).toBe(digestInputs(without, sha256, risk7));
  });

  test('by the sixth policy are what they have always been', () => {
    expect(digestInputs(inputs, sha256, risk6)).toBe(
      'ebbb3744c49802f648229d1833b7cb67b73e9054ad7477bb46e608addb914791',
    );
    expect(digestResult(assess(inputs, risk6), sha256)).toBe(
      '806ab14c423dc39cc7c0def0d46227acfdf56298b310ab15ceba5003bd6674a0',
    );
  });

  test('by the fourth policy are what they have always been', () => {
    expect(digestInputs(inputs, sha256, risk4)).toBe(
      'ebbb3744c49802f648229d1833b7cb67b73e9054ad7477bb46e608addb914791',
    );
    expect(digestResult(assess(inputs, risk4), sha256)).toBe(
      'cce7d0ddfc8a438ea8df921b649088a642e78a95ba41eb4c1701aa495a632ac8',
    );
  });

  test('by the third policy are what they have always been', () => {
    expect(digestInputs(inputs, sha256, risk3)).toBe(
      'ebbb3744c49802f648229d1833b7cb67b73e9054ad7477bb46e608addb914791',
    );
    expect(digestResult(assess(inputs, risk3), sha256)).toBe(
      '068291570fa78c99a2d1abdc6808ffb96eed9886cf495fd3648fcdee90321cbe',
    );
  });

  test('by the second policy are what they have always been', () => {
    expect(digestInputs(ofRisk2, sha256, risk2)).toBe(
      '252a1f412d94b5105d8906d7d2e434bf2702052b861c7a9cd3ced36b17e44098',
    );
    expect(digestResult(assess(ofRisk2, risk2), sha256)).toBe(
      'bed2394274b33e9987412ea790de1f3afad24f0ae966c65c16362362f7d37643',
    );
  });

  test('of its inputs changes with any one of them', () => {
    const digest = digestInputs(inputs, sha256);
    const others = [
      { ...inputs, intent: buy(11) },
      { ...inputs, facts: { ...inputs.facts, sector: null } },
      { ...inputs, limits: limitsWith({}, 4) },
      { ...inputs, account: { ...inputs.account, cash: money.of('1') } },
    ];
    expect(others.map((each) => digestInputs(each, sha256))).not.toContain(digest);
  });
});

test('a policy sees the venue and the executions from the one on that knew them', () => {
  const { account } = inputs;
  const more = { ...account, venue: 'live' as const, executions: { inWindow: 1, today: 2 } };
  const sees = (policy = risk3) => inputsText({ ...inputs, account: more }, policy);
  expect(sees(risk2)).toBe(inputsText(inputs, risk2));
  expect(sees(risk3)).toBe(
    inputsText({ ...inputs, account: { ...account, executions: more.executions } }, risk3),
  );
  expect(JSON.parse(sees(policyOf('risk-4'))).account).toMatchObject({
    venue: 'live',
    executions: more.executions,
  });
});

test('a policy sees closed losses, the exit replaced and the same terms from risk-5 on', () => {
  const { account } = inputs;
  const more = {
    ...account,
    closedLosses: { count: 1, lastLossAt: noon },
    exitOf: '01890000-0000-7000-8000-0000000000cc' as OrderId,
    sameTerms: { at: noon, ended: true },
  };
  const sees = (policy = risk4) => inputsText({ ...inputs, account: more }, policy);
  for (const policy of [risk1, risk2, risk3, risk4])
    expect(sees(policy)).toBe(inputsText(inputs, policy));
  expect(JSON.parse(sees(policyOf('risk-5'))).account).toMatchObject({
    closedLosses: { count: 1 },
    exitOf: more.exitOf,
    sameTerms: { ended: true },
  });
});

test.each([
  inputs,
  {
    ...inputs,
    account: {
      ...inputs.account,
      venue: 'live' as const,
      executions: { inWindow: 1, today: 2 },
      halts: [{ ...haltOf('account', null), account: 'paper' }],
      closedLosses: { count: 1, lastLossAt: noon },
      exitOf: '01890000-0000-7000-8000-0000000000cc' as OrderId,
      sameTerms: { at: noon, ended: true },
    },
    facts: { ...inputs.facts, views: { problem: null } },
  },
])('the text of what goes in is the canonical JSON of its four members', (each) => {
  const whole = canonicalJson({
    intent: orderIntentSchema.encode(each.intent),
    facts: riskFactsSchema.encode(each.facts),
    limits: limitsDocumentSchema.encode(each.limits),
    account: assessedAccountSchema.encode(each.account),
  });
  expect(inputsText(each)).toBe(whole);
  expect(inputsText(each)).toBe(whole);
});
