import { EventEmitter } from 'node:events';
import type { Response } from 'express';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { TooMany } from '../throttle/index.ts';
import { tooManyTeller } from './answers.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** What of a response an answer is written to. */
const answering = (tell = tooManyTeller()) => {
  const said: unknown[] = [];
  const response = Object.assign(new EventEmitter(), {
    setHeader: (name: string, value: string) => said.push([name, value]),
    status: (status: number) => {
      said.push(status);
      return response;
    },
    json: () => undefined,
    destroy: () => said.push('hung up'),
  });
  tell(response as unknown as Response, new TooMany('Too many.', 10_000));
  return { said, response };
};

test('who asks too often is told so after a while, and not at once to ask again', () => {
  const { said } = answering();
  expect(said).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual([['Retry-After', '10'], 429]);
});

test('who has gone meanwhile leaves nothing to wait for', () => {
  const { said, response } = answering();
  response.emit('close');
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(1_000);
  expect(said).toEqual([]);
});

test('one after another is told, and who has more waiting than connections can hold is hung up on', () => {
  const tell = tooManyTeller();
  const asked = Array.from({ length: 800 }, () => answering(tell).said);
  const isTold = (said: readonly unknown[]) => said.includes(429);
  expect(asked.filter(([said]) => said === 'hung up')).toHaveLength(81);
  vi.advanceTimersByTime(250);
  expect(asked.filter(isTold)).toHaveLength(1);
  vi.advanceTimersByTime(80);
  expect(asked.filter(isTold)).toHaveLength(11);
  vi.advanceTimersByTime(6_000);
  expect(asked.filter(isTold)).toHaveLength(719);
});
