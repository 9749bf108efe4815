import { EventEmitter } from 'node:events';
import { setImmediate as turn } from 'node:timers/promises';
import type { Timer } from '@sentinel/contracts/kernel';
import { beforeEach, expect, test } from 'vitest';
import { TooMany } from './too-many.ts';
import { type TakeTurn, turns } from './turns.ts';

let nowMs = 0;
let pauses: { readonly atMs: number; readonly end: () => void }[] = [];
const timer: Timer = {
  nowMs: () => nowMs,
  pause: (ms) => new Promise((end) => void pauses.push({ atMs: nowMs + ms, end })),
};
const pass = async (ms: number): Promise<void> => {
  for (let left = ms; left > 0; left--) {
    nowMs++;
    for (const { end } of pauses.filter(({ atMs }) => atMs <= nowMs)) end();
    pauses = pauses.filter(({ atMs }) => atMs > nowMs);
    await turn();
  }
};

let take: TakeTurn;
/** What became of each call, in the order in which it was told. */
let told: string[] = [];
beforeEach(() => {
  [nowMs, pauses, told] = [0, [], []];
  take = turns(timer);
});

/** A call by its word, which ends when its answer closes. */
const call = (name: string, word: string) => {
  const response = Object.assign(new EventEmitter(), { destroyed: false });
  void take(name, response).then(
    (began) => told.push(began ? word : `${word} is gone`),
    (error: unknown) => told.push(`${word} ${error instanceof TooMany ? 'is refused' : error}`),
  );
  return { end: () => response.emit('close') };
};
const many = (count: number, name = 'a') =>
  Array.from({ length: count }, (_, n) => call(name, `${name}${n}`));

test('sixteen begin at once, however long each takes', async () => {
  many(16);
  await turn();
  expect(told).toHaveLength(16);
});

test('what is more begins in order, one in twenty milliseconds, while none of the others ends', async () => {
  many(19);
  await pass(19);
  expect(told).toHaveLength(16);
  await pass(1);
  expect(told.slice(16)).toEqual(['a16']);
  await pass(40);
  expect(told.slice(16)).toEqual(['a16', 'a17', 'a18']);
});

test('no end of a call makes another begin sooner', async () => {
  const begun = many(20);
  await turn();
  for (const { end } of begun.slice(0, 16)) end();
  call('a', 'later');
  await turn();
  expect(told).toHaveLength(16);
  await pass(100);
  expect(told.slice(16)).toEqual(['a16', 'a17', 'a18', 'a19', 'later']);
});

test('whoever asks one thing after another never waits, and is in no debt for it', async () => {
  for (let n = 0; n < 200; n++) {
    call('a', `a${n}`).end();
    await turn();
    expect(told.at(-1)).toBe(`a${n}`);
  }
  await pass(320);
  many(16);
  await turn();
  expect(told).toHaveLength(216);
});

test('nobody waits for another', async () => {
  many(30);
  many(16, 'b');
  await turn();
  expect(told.filter((word) => word.startsWith('b'))).toHaveLength(16);
});

test('whoever hangs up while they wait begins nothing, and keeps nobody', async () => {
  const asked = many(18);
  await turn();
  asked[16]?.end();
  await pass(20);
  expect(told.slice(16)).toEqual(['a16 is gone', 'a17']);
  const gone = Object.assign(new EventEmitter(), { destroyed: true });
  expect(await take('c', gone)).toBe(false);
});

test('sixty-four wait, and one more is refused', async () => {
  many(16 + 64 + 1);
  await turn();
  expect(told.filter((word) => word.includes('refused'))).toEqual(['a80 is refused']);
  await pass(20);
  call('a', 'the next');
  await pass(64 * 20);
  expect(told.at(-1)).toBe('the next');
});

test('where nobody knows when a call ends, the pace alone is kept', async () => {
  for (let n = 0; n < 18; n++) void take('a').then(() => told.push(`a${n}`));
  await turn();
  expect(told).toHaveLength(16);
  await pass(40);
  expect(told).toHaveLength(18);
});
