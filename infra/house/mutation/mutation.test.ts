import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { copyOf } from './copy.ts';
import { mutantsIn, mutatedRooms, sampleOf } from './mutants.ts';
import { readExcused, type Tried, verdictOn } from './survivors.ts';

const root = join(import.meta.dirname, '..', '..', '..');
const ledger = 'services/src/portfolio/ledger.ts';

test('every room is there, and the changes that are tried stand where they say', async () => {
  for (const room of mutatedRooms) expect(existsSync(join(root, room)), room).toBe(true);
  const { mutants } = await mutantsIn(root, [ledger]);
  expect(mutants.length).toBeGreaterThan(50);
  const lines = readFileSync(join(root, ledger), 'utf8').split('\n');
  const compared = mutants.find(({ replacement }) => replacement === 'fill.quantity < 0n');
  if (compared === undefined) throw new Error('a comparison is not changed');
  const { start, end } = compared;
  expect(lines[start.line]?.slice(start.column, end.column)).toBe('fill.quantity <= 0n');
});

test('a seed draws the same sample again, and another seed another', async () => {
  const { mutants } = await mutantsIn(root, [ledger]);
  const draw = (seed: string) => sampleOf(mutants, { count: 10, seed }).map(({ id }) => id);
  expect(draw('1')).toEqual(draw('1'));
  expect(draw('1')).not.toEqual(draw('2'));
  expect(draw('1').length).toBeGreaterThanOrEqual(10);
  expect(sampleOf(mutants, { count: mutants.length, seed: '1' })).toHaveLength(mutants.length);
});

test('in the copy a floor reaches the copies of the others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sentinel-copy-'));
  try {
    copyOf(root, folder);
    const reached = realpathSync(join(folder, 'node_modules', '@sentinel', 'contracts'));
    expect(reached).toBe(realpathSync(join(folder, 'contracts')));
    expect(existsSync(join(folder, ledger))).toBe(true);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

const tried = (status: string, replacement = 'true'): Tried => ({
  ...{ file: ledger, line: 3, mutator: 'ConditionalExpression', original: 'held === 0n' },
  ...{ replacement, status },
});

test('a survivor without a reason is named with file, line and change, and one with a reason is not', () => {
  const all = [tried('Killed'), tried('Timeout'), tried('Survived'), tried('NoCoverage', 'false')];
  const { lines, unexcused } = verdictOn(all, []);
  expect(unexcused).toBe(2);
  expect(lines).toContain('services/src/portfolio: 4 mutants, 2 killed, 2 survived');
  expect(lines).toContain(`Survived: ${ledger}:3 ConditionalExpression: held === 0n -> true`);
  expect(lines).toContain(`NoCoverage: ${ledger}:3 ConditionalExpression: held === 0n -> false`);
  const excused = { file: ledger, original: 'held === 0n', replacement: 'true', reason: 'so' };
  expect(verdictOn(all, [excused]).unexcused).toBe(1);
});

test('every excuse gives a reason and is of code that still stands there', () => {
  for (const { file, original, reason } of readExcused()) {
    expect(reason.length, original).toBeGreaterThan(20);
    expect(readFileSync(join(root, file), 'utf8'), original).toContain(original);
  }
});
