// Prints the table of hurst-null.ts: node make-hurst-null.mjs, some fifteen seconds.

import { hurst } from '../hurst.ts';
import { gaussian, randomWalk } from '../test-walks.ts';

const walks = 20_000;
for (const closes of [250, 375, 512, 750, 1000, 1500, 2000]) {
  const draw = gaussian(closes);
  const found = Float64Array.from({ length: walks }, () => hurst(randomWalk(closes, draw))).sort();
  const quantile = (/** @type {number} */ share) =>
    (found[Math.floor(share * walks)] ?? Number.NaN).toFixed(4);
  process.stdout.write(`  [${closes}, ${quantile(0.05)}, ${quantile(0.95)}],\n`);
}
