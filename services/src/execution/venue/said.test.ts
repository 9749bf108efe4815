import type { OrderId } from '@sentinel/contracts/kernel';
import { price, quantity } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import type { PaperReport } from './report.ts';
import { reportsOf } from './said.ts';
import { submittedAt as at } from './test-look.ts';

const orderId = '00000000-0000-7000-8000-000000000001' as OrderId;
const [stopAt, reason] = [price.of('95'), 'why'];
const filled = { quantity: quantity.of('5'), price: price.of('100') };

test.each<[PaperReport, object]>([
  [{ type: 'accepted', at }, { execType: 'new' }],
  [{ type: 'replaced', at }, { execType: 'replaced' }],
  [{ type: 'expired', at }, { execType: 'expired' }],
  [
    { type: 'rejected', reason, at },
    { execType: 'rejected', reason },
  ],
  [
    { type: 'replace_rejected', reason, at },
    { execType: 'replace_rejected', reason },
  ],
  [
    { type: 'canceled', reason, at },
    { execType: 'canceled', reason },
  ],
  [
    { type: 'unknown', reason, at },
    { execType: 'unknown', reason },
  ],
  [
    { type: 'triggered', stopAt, at },
    { execType: 'triggered', stopAt },
  ],
  [
    { type: 'stop_moved', stopAt, at },
    { execType: 'restated', stopAt },
  ],
  [
    { type: 'fill', execution: 2, ...filled, at },
    { execType: 'trade', venueExecutionId: `paper-${orderId}-2`, ...filled },
  ],
])('the words of the port for $type say what it is and no more', (report, said) => {
  const about = { orderId, venueOrderId: `paper-${orderId}`, at };
  expect(reportsOf(orderId, [report])).toStrictEqual([{ ...about, ...said }]);
});
