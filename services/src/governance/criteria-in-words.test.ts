import { expect, test } from 'vitest';
import { criterionInWords } from './criteria-in-words.ts';

const of = (rest: Partial<Parameters<typeof criterionInWords>[0]>) =>
  criterionInWords({
    ...{ criterion: 'TRADES', measured: 12, comparison: '>=', required: 20 },
    ...{ unit: 'trades', met: false },
    ...rest,
  });

test('a criterion is told in words and figures that need no key', () => {
  expect(of({})).toEqual({
    ...{ criterion: 'Closed trades', measured: '12', needed: 'at least 20 trades', met: false },
  });
  const share = { measured: 0.5541, required: 0.45, unit: 'share', met: true };
  expect(of({ criterion: 'WIN_RATE', ...share })).toMatchObject({
    ...{ measured: '55.4 %', needed: 'at least 45 %' },
  });
  const fall = { comparison: '<=' as const, measured: null, required: 0.15 };
  expect(of({ criterion: 'MAX_DRAWDOWN', ...fall, unit: 'share of the peak' })).toMatchObject({
    ...{ measured: 'not known', needed: 'at most 15 % of the peak' },
  });
  const luck = { measured: 0.97, required: 0.95, unit: 'probability, 41 trials', met: true };
  expect(of({ criterion: 'DEFLATED_SHARPE', ...luck })).toMatchObject({
    ...{ measured: '97 %', needed: 'at least 95 % after 41 trials' },
  });
});
