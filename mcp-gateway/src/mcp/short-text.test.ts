import { expect, test } from 'vitest';
import { shortText } from './short-text.ts';

test('an answer in a line names what it holds', () => {
  const answer = {
    mode: 'paper',
    order: { order_id: 'o1', symbol: 'NVDA', reason: null, fills: [{ price: '1' }] },
    checks: [1, 2, 3],
    next_cursor: null,
  };
  expect(shortText('execution.paper_order', answer)).toBe(
    'execution.paper_order: mode paper, checks 3; order: order_id o1, symbol NVDA, fills 1.',
  );
});

test('is short however long the answer is', () => {
  const answer = Object.fromEntries(
    Array.from({ length: 400 }, (_, n) => [`member_${n}`, 'x'.repeat(10_000)]),
  );
  expect(shortText('audit.explain_trade', answer).length).toBeLessThan(1_300);
});
