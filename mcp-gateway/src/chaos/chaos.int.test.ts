import { describe, expect, test } from 'vitest';
import { chaos } from './run.ts';

describe('a program that is killed during a stream of orders', () => {
  test('loses nothing, doubles nothing, leaves no hole, and its views equal a rebuild', async () => {
    const report = await chaos({ kills: 4, seed: 11, onKill: () => undefined });
    expect(report.problems).toEqual([]);
    expect(report.cleanExit).toBe(0);
    expect(report.acknowledged).toBeGreaterThan(20);
    expect(report.submitted).toBeGreaterThanOrEqual(report.acknowledged);
    expect(report.kills).toEqual({ program: 1, database: 1, both: 1, 'start-up': 1 });
  }, 180_000);
});
