import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

/** Keeps so many objects alive, each for some time, from a heap that was cleared once on; answers the most that it came to. */
const churn = `
  const alive = Array.from({ length: 400_000 }, (_, n) => ({ n, of: [n] }));
  globalThis.gc();
  let most = 0;
  for (let n = 0; n < 4_000_000; n++) {
    alive[(n * 7_919) % alive.length] = { n, of: [n] };
    if (n % 20_000 === 0) most = Math.max(most, process.memoryUsage().heapUsed);
  }
  process.stdout.write(String(most));`;

const grown = (first: string): number =>
  Number(
    execFileSync(
      process.execPath,
      ['--expose-gc', '--input-type=module', '-e', `${first}${churn}`],
      { encoding: 'utf8' },
    ),
  );

test('the heap is cleared before garbage takes more room than what lives', () => {
  const heap = new URL('heap.ts', import.meta.url);
  const kept = grown(`import { keepHeapSmall } from '${heap}'; keepHeapSmall();`);
  expect(kept).toBeLessThan(0.8 * grown(''));
});
