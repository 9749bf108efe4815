import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Keeps so many objects alive, each for some time; answers the most that the heap came to, over what lives. */
const churn = `
  const alive = new Array(200_000).fill(null).map((_, n) => ({ n, of: [n] }));
  const lives = process.memoryUsage().heapUsed;
  let most = 0;
  for (let n = 0; n < 4_000_000; n++) {
    alive[(n * 7_919) % alive.length] = { n, of: [n] };
    if (n % 5_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
  }
  process.stdout.write(String(most / lives));`;

const grown = (first: string): number =>
  Number(
    execFileSync(process.execPath, ['--input-type=module', '-e', `${first}${churn}`], {
      encoding: 'utf8',
    }),
  );

test('the heap is cleared before garbage takes more room than what lives', () => {
  const heap = new URL('heap.ts', import.meta.url);
  const kept = grown(`import { keepHeapSmall } from '${heap}'; keepHeapSmall();`);
  expect(kept).toBeLessThan(0.8 * grown(''));
});
