import type { BacktestId } from '@sentinel/contracts/kernel';
import { describe, expect, test } from 'vitest';
import { type RunEnd, runBook } from './run-book.ts';

const id = '01890000-0000-7000-8000-0000000000b1' as BacktestId;
const about = {
  ...({ run_id: id, kind: 'backtest', strategy: 'momentum_v1' } as const),
  symbols: ['AAA'],
};
const end: RunEnd = {
  ...{ backtest: null, walk_forward: null, evidence_digest: 'e' },
  ...{ event_id: 'v', log_position: '7', counts_for_promotion: true },
};
const caller = () => {
  const control = new AbortController();
  const told: string[] = [];
  const progress = (done: number, total: number) => void told.push(`${done}/${total}`);
  return { hangUp: () => control.abort(new Error('gone')), told, signal: control.signal, progress };
};

/** A book whose calls wait until `runOut`, and one run that ends when it is told to. */
const begun = () => {
  const patience = Promise.withResolvers<void>();
  const book = runBook({ pause: () => patience.promise });
  const work = Promise.withResolvers<RunEnd>();
  const whose = caller();
  let said: ((done: number, total: number, message: string) => void) | undefined;
  const answer = book.begin(
    about,
    ({ signal, progress }) => {
      said = progress;
      signal.addEventListener('abort', () => work.reject(signal.reason));
      return work.promise;
    },
    whose,
  );
  return {
    book,
    work,
    whose,
    answer,
    runOut: patience.resolve,
    say: (n: number) => said?.(n, 10, ''),
  };
};

describe('a run', () => {
  test('that is done in time is answered with what it came to', async () => {
    const { answer, work, book, whose, say } = begun();
    say(4);
    work.resolve(end);
    expect(await answer).toMatchObject({ status: 'done', progress: 1, event_id: 'v' });
    expect(book.find(id)).toMatchObject({ status: 'done', log_position: '7' });
    expect(whose.told).toEqual(['4/10']);
  });

  test('that takes too long for a call is answered as running, and goes on', async () => {
    const { answer, work, runOut, book, whose, say } = begun();
    say(3);
    runOut();
    expect(await answer).toMatchObject({ status: 'running', progress: 0.3, backtest: null });
    whose.hangUp();
    say(9);
    expect(book.find(id)).toMatchObject({ status: 'running', progress: 0.9 });
    work.resolve(end);
    await expect.poll(() => book.find(id)?.status).toBe('done');
  });

  test('ends with a caller who hangs up before the answer', async () => {
    const { answer, whose } = begun();
    whose.hangUp();
    expect(await answer).toMatchObject({ status: 'canceled', problem: null });
  });

  test('ends when it is canceled, and what is done stays done', async () => {
    const { answer, runOut, book } = begun();
    runOut();
    await answer;
    expect(await book.cancel(id)).toMatchObject({ status: 'canceled' });
    expect(await book.cancel('another' as BacktestId)).toBe(undefined);
    const other = begun();
    other.work.resolve(end);
    await other.answer;
    expect(await other.book.cancel(id)).toMatchObject({ status: 'done' });
  });

  test('that fails says why', async () => {
    const { answer, work } = begun();
    work.reject(new Error('the bars are torn'));
    expect(await answer).toMatchObject({ status: 'failed', problem: 'the bars are torn' });
  });

  test('is one of four at the most that are under way', async () => {
    const book = runBook({ pause: async () => undefined });
    const works = [1, 2, 3, 4].map(() => Promise.withResolvers<RunEnd>());
    for (const [n, work] of works.entries()) {
      expect(book.isFull()).toBe(false);
      await book.begin({ ...about, run_id: `${n}` as BacktestId }, () => work.promise, caller());
    }
    expect(book.isFull()).toBe(true);
    works[0]?.resolve(end);
    await expect.poll(() => book.isFull()).toBe(false);
  });
});
