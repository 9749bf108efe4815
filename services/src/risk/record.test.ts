import { canonicalJson } from '@sentinel/contracts/kernel';
import {
  assessedAccountSchema,
  limitsDocumentSchema,
  orderIntentSchema,
  riskFactsSchema,
} from '@sentinel/contracts/risk';
import { expect, test } from 'vitest';
import { buy, haltOf, held, limitsWith, nvda, ordinaryAccount, ordinaryFacts } from './fixtures.ts';
import { inputsText } from './record.ts';

test('the text of what goes in is the canonical JSON of its four members', () => {
  const account = ordinaryAccount({
    positions: [held(nvda, 3, '100')],
    halts: [haltOf('global', null)],
  });
  const inputs = { intent: buy(10), facts: ordinaryFacts(), limits: limitsWith(), account };
  const whole = canonicalJson({
    intent: orderIntentSchema.encode(inputs.intent),
    facts: riskFactsSchema.encode(inputs.facts),
    limits: limitsDocumentSchema.encode(inputs.limits),
    account: assessedAccountSchema.encode(inputs.account),
  });
  expect(inputsText(inputs)).toBe(whole);
  expect(inputsText(inputs)).toBe(whole);
});
