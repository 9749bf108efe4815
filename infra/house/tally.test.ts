import { expect, test } from 'vitest';
import { addTallies, type RunnerReport, tallyLine, tallyOf } from './tally.ts';

const report = (over: Partial<RunnerReport> = {}): RunnerReport => ({
  numPassedTests: 5,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  testResults: [],
  ...over,
});

test('a good run counts its tests', () => {
  expect(tallyOf(report({ numPendingTests: 2 }), true)).toEqual({
    passed: 5,
    failed: 0,
    skipped: 2,
  });
});

test('a file that does not load is a failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [] }];
  expect(tallyOf(report({ testResults }), false).failed).toBe(1);
});

test('a file with a failed test is not counted twice', () => {
  const testResults = [{ status: 'failed', assertionResults: [{ status: 'failed' }] }];
  expect(tallyOf(report({ numFailedTests: 1, testResults }), false).failed).toBe(1);
});

test('a hook that fails after tests that passed is a failure', () => {
  const testResults = [{ status: 'failed', assertionResults: [{ status: 'passed' }] }];
  expect(tallyOf(report({ testResults }), false).failed).toBe(1);
});

test('a run that fails without saying why is a failure', () => {
  expect(tallyOf(report(), false).failed).toBe(1);
  expect(tallyOf(undefined, true).failed).toBe(1);
});

test('tallies add up to one line', () => {
  const sum = addTallies(
    { passed: 3, failed: 1, skipped: 0 },
    { passed: 2, failed: 0, skipped: 0 },
  );
  expect(tallyLine(sum)).toBe('5 passed, 1 failed');
  expect(tallyLine({ ...sum, skipped: 4 })).toBe('5 passed, 1 failed, 4 skipped');
});
