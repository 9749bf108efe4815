import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { describeSharedState } from '../../contract-tests/shared-state.ts';
import { nextToken } from '../next-token.ts';
import { memorySharedState, sharedMemory } from './memory-shared-state.ts';

describeSharedState('what gateways share, in one process', async () => {
  const memory = sharedMemory();
  return {
    open: async () => memorySharedState({ memory }),
    forget: async () => {
      memory.counters.clear();
      memory.leases.clear();
      memory.tokens.clear();
    },
    dispose: async () => undefined,
  };
});

describe('tokens', () => {
  test('grow while the clock stands, and while it is set back', () => {
    const first = nextToken(0n, 1_000);
    const second = nextToken(first, 1_000);
    expect([second > first, nextToken(second, 1) > second]).toEqual([true, true]);
  });
});

test('counters that are over are not kept', async () => {
  const memory = sharedMemory();
  let nowMs = 0;
  const state = memorySharedState({ memory, nowMs: () => nowMs });
  for (let n = 0; n < 3_000; n++) {
    nowMs += 1;
    await state.count(`n ${n}`, { by: 1, windowMs: 100 });
  }
  expect(memory.counters.size).toBeLessThanOrEqual(1_000);
});

test('no client of Redis is loaded before one is used', () => {
  const script = `
    const { createRequire } = await import('node:module');
    const loaded = () =>
      Object.keys(createRequire(process.cwd() + '/').cache).some((file) => file.includes('/ioredis/'));
    const { openRedis } = await import('${join(import.meta.dirname, '../index.ts')}');
    const before = loaded();
    const log = { info() {}, warn() {} };
    await openRedis({ url: 'redis://127.0.0.1:1', prefix: 'test.', log });
    console.log(before, loaded());
    process.exit(0);
  `;
  const said = execFileSync(process.execPath, ['--input-type=module', '--eval', script]);
  expect(`${said}`.trim()).toBe('false true');
});
