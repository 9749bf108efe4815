import { describe, expect, test } from 'vitest';
import { classify } from '../regime/index.ts';
import { evaluateStrategy, strategies } from '../strategy/index.ts';
import { strategyFinder } from './finder.ts';
import { calendar, dailyBars, testedSymbol, walk } from './test-bars.ts';

const columns = ['start', 'open', 'high', 'low', 'close', 'volume'] as const;

describe('the rule of a strategy in a backtest', () => {
  test('finds at every bar what a scan of the bars until then finds', () => {
    const rule = strategies.momentum_v1;
    const bars = dailyBars(walk(900, 11));
    const find = strategyFinder(rule, { calendar, context: null });
    let found = 0;
    for (let last = 60; last < bars.start.length; last++) {
      const from = Math.max(0, last + 1 - rule.historyBars);
      // Copies, as a provider would answer them.
      const until = Object.fromEntries(
        columns.map((name) => [name, bars[name].slice(from, last + 1)]),
      );
      const shown = { ...bars, ...until };
      const classification = classify({
        ...{ bars: shown, context: null, minutesSinceOpen: null, withModel: false },
      });
      const { draft } = evaluateStrategy(rule, {
        ...{ bars: shown, classification, averageDailyVolume: null },
      });
      expect(find(testedSymbol(bars), last)?.draft ?? null).toEqual(draft);
      if (draft !== null) found += 1;
    }
    expect(found).toBeGreaterThan(0);
  });
});
