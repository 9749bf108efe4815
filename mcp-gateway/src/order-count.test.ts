import { SharedStateUnavailable } from '@sentinel/contracts/kernel';
import { memorySharedState, sharedMemory } from '@sentinel/infra/shared-state';
import { expect, test } from 'vitest';
import { orderCount } from './order-count.ts';

test('orders of one principal are counted over all gateways, and ten times the rate is too many', async () => {
  let nowMs = 0;
  const memory = sharedMemory();
  const gateway = () =>
    orderCount(memorySharedState({ memory, nowMs: () => nowMs }), { sentPerSecond: 2 });
  const gateways = [gateway(), gateway()];
  const ask = (n: number, principal = 'local:a') => gateways[n % 2]?.(principal);
  for (let n = 0; n < 20; n++) expect(await ask(n)).toBeUndefined();
  expect(await ask(20)).toBe('local:a has asked about more than 20 orders within a second');
  expect(await ask(21, 'local:b')).toBeUndefined();
  nowMs += 1_000;
  expect(await ask(22)).toBeUndefined();
});

test('what cannot be counted is a reason to take no risk, and a bug is none', async () => {
  const failing = (error: Error) =>
    orderCount({ count: () => Promise.reject(error) }, { sentPerSecond: 2 })('local:a');
  expect(await failing(new SharedStateUnavailable('Redis is away'))).toBe(
    'orders cannot be counted for all gateways (Redis is away)',
  );
  await expect(failing(new TypeError('a bug'))).rejects.toThrow('a bug');
});
