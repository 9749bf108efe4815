import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { writeTestSettings } from './copy.ts';
import { tryFromStart } from './from-start.ts';
import { mutantsIn } from './mutants.ts';
import { type Outcome, tryMutants } from './trial.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** Each starts a vitest of its own, which takes its time on a busy machine. */
const patienceMs = 120_000;

const small = `
export const double = (n: number): number => n * 2;
export const isAbove = (n: number): boolean => n > 0;
export const unreached = (n: number): number => n + 1;
export const count = (to: number): number => {
  let n = 0;
  while (n < to) n++;
  return n;
};
export const six = 3 * 2;
const known = new Map<string, number>();
export const remembered = (key: string): number => {
  const made = known.get(key) ?? key.length - 1;
  known.set(key, made);
  return made;
};
let total = 0;
export const added = (n: number): number => {
  total += n;
  total -= n;
  return total;
};
`;
const tests = `
import { expect, test } from 'vitest';
import { added, count, double, isAbove, remembered, six } from './small.ts';
test('double', () => expect(double(4)).toBe(8));
test('isAbove', () => expect(isAbove(5)).toBe(true));
test('count', () => expect(count(4)).toBe(4));
test('six', () => expect(six).toBe(6));
test('remembered', () => expect(remembered('four')).toBe(3));
test('added', () => expect(added(4)).toBe(0));
`;

let folder = '';
const outcomes: Outcome[] = [];

const statusOf = (replacement: string): string => {
  const of = outcomes.filter(({ mutant }) => mutant.replacement === replacement);
  expect(of.map(({ mutant }) => mutant.replacement)).toEqual([replacement]);
  return of[0]?.status ?? '';
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-trial-'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  for (const name of ['infra/house/mutation', 'infra/house/compare-moments.ts'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'contracts/src'), { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(join(folder, 'contracts/src/small.ts'), small);
  writeFileSync(join(folder, 'contracts/src/small.test.ts'), tests);
  writeTestSettings(folder);
  const { files, mutants } = await mutantsIn(folder, ['contracts/src/small.ts']);
  for (const { name, content } of files) writeFileSync(join(folder, name), content);
  await tryMutants(mutants, {
    ...{ folder, workers: 1, budgetMs: 10_000, say: () => undefined },
    onOutcome: (outcome) => void outcomes.push(outcome),
  });
}, patienceMs);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('a change that a test fails on is noticed, one that none fails on survives', () => {
  expect(statusOf('n / 2')).toBe('Killed');
  expect(statusOf('n <= 0')).toBe('Killed');
  expect(statusOf('n >= 0')).toBe('Survived');
  expect(statusOf('n - 1')).toBe('NoCoverage');
});

test('a loop without an end is noticed', () => {
  expect(statusOf('n--')).toBe('Killed');
});

test('what a change leaves behind in a module fails no later change', () => {
  // The first of the two spoils the sum for good: the second is tried in a process that knows nothing of it.
  expect(statusOf('total -= n')).toBe('Killed');
  expect(statusOf('total += n')).toBe('Killed');
  expect(outcomes.at(-1)?.mutant.replacement).toBe('total += n');
});

test(
  'what is made as a module loads, or remembered of an earlier test, is tried from the start',
  async () => {
    expect(statusOf('3 / 2')).toBe('NoCoverage');
    expect(statusOf('key.length + 1')).toBe('Survived');
    const doubtful = outcomes.filter(({ mutant }) =>
      ['3 / 2', 'key.length + 1', 'n >= 0'].includes(mutant.replacement),
    );
    const again: Outcome[] = [];
    await tryFromStart(doubtful, {
      ...{ folder, workers: 1, onOutcome: (outcome) => void again.push(outcome) },
    });
    expect(again.map(({ mutant, status }) => [mutant.replacement, status])).toEqual([
      ['n >= 0', 'Survived'],
      ['3 / 2', 'Killed'],
      ['key.length + 1', 'Killed'],
    ]);
  },
  patienceMs,
);
