import { canonicalJson, money, quantity } from '@sentinel/contracts/kernel';
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
  haltOf,
  held,
  limitsWith,
  markAt,
  noon,
  nvda,
  ordinaryAccount,
  ordinaryFacts,
} from './fixtures.ts';
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
        reservedCash: money.of('180.75'),
        unresolved: false,
      },
    ],
  }),
};

/** Decisions of the past are proved by these digests: another value here breaks every one of them. */
describe('the digests of an assessment', () => {
  test('of its inputs is what it has always been', () => {
    expect(digestInputs(inputs, sha256)).toBe(
      '4c372269deec3cc55c654595f947f482052aa15aad7008c1a0cced7696fc384e',
    );
  });

  test('of its result is what it has always been', () => {
    expect(digestResult(assess(inputs), sha256)).toBe(
      '97f76f374921f419aba145e73be54fff6bed8d48d93b61cdb25eb683eddc2ec3',
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

test('the text of what goes in is the canonical JSON of its four members', () => {
  const whole = canonicalJson({
    intent: orderIntentSchema.encode(inputs.intent),
    facts: riskFactsSchema.encode(inputs.facts),
    limits: limitsDocumentSchema.encode(inputs.limits),
    account: assessedAccountSchema.encode(inputs.account),
  });
  expect(inputsText(inputs)).toBe(whole);
  expect(inputsText(inputs)).toBe(whole);
});
