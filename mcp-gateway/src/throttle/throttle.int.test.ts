import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { tools } from '@sentinel/contracts';
import { type SharedState, SharedStateUnavailable } from '@sentinel/contracts/kernel';
import { systemTimer } from '@sentinel/infra/runtime';
import { memorySharedState } from '@sentinel/infra/shared-state';
import { afterEach, expect, test } from 'vitest';
import type { Authenticate, Principal } from '../auth/index.ts';
import { startTestGateway, type TestGateway } from '../http/test-gateway.ts';
import { wireName } from '../mcp/index.ts';
import { callLimits } from './call-limits.ts';
import { slowStrangers } from './slow-strangers.ts';

let gateway: TestGateway | undefined;
afterEach(() => gateway?.close());

const principal: Principal = {
  ...{ name: 'local:test', kind: 'human' },
  scopes: new Set(['read', 'propose', 'trade', 'govern']),
};
let nowMs = 0;
/** How often somebody was looked up. */
let looked = 0;
/** Knows whoever shows a word that begins with `good`. */
const authenticate: Authenticate = async ({ headers: { authorization = '' } }) => {
  looked++;
  return authorization.startsWith('Bearer good')
    ? { ...principal, name: authorization }
    : 'unauthenticated';
};

let shared: Pick<SharedState, 'count'>;
let slowed: Authenticate;

const start = async (
  state: Pick<SharedState, 'count'> = memorySharedState({ nowMs: () => nowMs }),
) => {
  [nowMs, looked] = [0, 0];
  shared = state;
  slowed = slowStrangers(
    authenticate,
    () => 'one address',
    () => nowMs,
  );
  gateway = await startTestGateway({
    authenticate: slowed,
    callLimits: callLimits(() => state.count, { ...systemTimer, nowMs: () => nowMs }),
  });
};

const callOf = (tool: string) => ({
  ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
  params: { name: tool, arguments: {} },
});
const ask = async (word: string | undefined, body: unknown = callOf('market_health')) => {
  const response = await fetch(gateway?.url('/mcp') ?? '', {
    method: 'POST',
    headers: {
      ...{ 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
      ...(word !== undefined && { authorization: `Bearer ${word}` }),
    },
    body: JSON.stringify(body),
  });
  const { status, headers } = response;
  return { status, text: await response.text(), after: headers.get('retry-after') };
};
const times = async (count: number, call: () => Promise<{ readonly status: number }>) => {
  const found: number[] = [];
  for (let n = 0; n < count; n++) found.push((await call()).status);
  return found;
};

test('a principal is let in so often in ten seconds, told when to come again, and others are not', async () => {
  await start();
  await shared.count('calls.Bearer good one', { by: 299, windowMs: 10_000 });
  expect((await ask('good one')).status).toBe(200);
  nowMs = 7_500;
  const { status, text, after } = await ask('good one');
  expect([status, after]).toEqual([429, '3']);
  expect(text).toContain('more than 300 times in 10 seconds. Try again in 3 seconds.');
  expect((await ask('good two')).status).toBe(200);
  nowMs = 10_000;
  expect((await ask('good one')).status).toBe(200);
});

test('each message of a batch counts, and it holds no more than may begin at once', async () => {
  await start();
  const batchOf = (length: number, tool = 'market_health') =>
    Array.from({ length }, () => callOf(tool));
  expect((await ask('good one', batchOf(16))).status).toBe(200);
  const { status, text } = await ask('good one', batchOf(17));
  expect([status, text]).toEqual([413, expect.stringContaining('at most 16 messages')]);
  // All that is to be canceled may be said at once.
  expect((await ask('good one', batchOf(17, 'execution_cancel_order'))).status).toBe(200);
  expect((await ask('good one', batchOf(268))).status).toBe(429);
});

test('what stops or gets out is kept out by nothing else that was asked', async () => {
  await start();
  await shared.count('calls.Bearer good one', { by: 300, windowMs: 10_000 });
  expect((await ask('good one')).status).toBe(429);
  for (const tool of [
    'risk_kill_switch_enable',
    'execution_cancel_order',
    'execution_cancel_all',
    'execution_close_position',
    'execution_flatten_all',
  ])
    expect([tool, (await ask('good one', callOf(tool))).status]).toEqual([tool, 200]);
  // Nothing else comes in beside it.
  const batch = [callOf('execution_cancel_all'), callOf('market_health')];
  expect((await ask('good one', batch)).status).toBe(429);
  await shared.count('exits.Bearer good one', { by: 300, windowMs: 10_000 });
  expect((await ask('good one', callOf('execution_cancel_all'))).status).toBe(429);
});

test('who was refused a moment ago is refused again before anybody is looked up', async () => {
  await start();
  await shared.count('calls.Bearer good one', { by: 300, windowMs: 10_000 });
  expect((await ask('good one')).status).toBe(429);
  expect(looked).toBe(1);
  const { status, after } = await ask('good one');
  expect([status, after, looked]).toEqual([429, '10', 1]);
  expect((await ask('good two')).status).toBe(200);
  nowMs = 10_000;
  expect((await ask('good one')).status).toBe(200);
});

test('where calls cannot be counted, what could add risk is refused, and looking, stopping and getting out go on', async () => {
  await start({
    count: async () => {
      throw new SharedStateUnavailable('gone');
    },
  });
  const refused: string[] = [];
  for (const id of Object.keys(tools)) {
    const { status, text } = await ask('good one', callOf(wireName(id)));
    if (status === 503) {
      expect(text).toContain('cannot be counted');
      refused.push(id);
    } else expect([id, status]).toEqual([id, 200]);
  }
  for (const id of [
    'execution.paper_order',
    'execution.propose_order',
    'risk.set_limits',
    'governance.approve',
  ])
    expect(refused).toContain(id);
  for (const id of [
    'risk.kill_switch_enable',
    'execution.cancel_order',
    'execution.flatten_all',
    'portfolio.status',
  ])
    expect(refused).not.toContain(id);
  // Nor is one hidden among others.
  const batch = [callOf('market_health'), callOf('execution_paper_order')];
  expect((await ask('good one', batch)).status).toBe(503);
});

test('who shows one wrong word after another is looked at no more, but for words that opened before', async () => {
  await start();
  expect((await ask('good known')).status).toBe(200);
  expect(new Set(await times(20, () => ask('bad')))).toEqual(new Set([401]));
  nowMs = 30_500;
  const { status, text, after } = await ask('bad');
  expect([status, after]).toEqual([429, '30']);
  expect(text).toContain('wrong credentials');
  // It is not even looked at: whether it is a good one cannot be learnt by trying.
  expect((await ask('good guess')).status).toBe(429);
  expect((await ask('good known')).status).toBe(200);
  nowMs = 60_000;
  expect((await ask('good guess')).status).toBe(200);
});

test('who shows no word is no guesser, and an address asks so often and no more', async () => {
  await start();
  const silent = new IncomingMessage(new Socket());
  for (let n = 0; n < 999; n++) expect(await slowed(silent)).toBe('unauthenticated');
  expect((await ask(undefined)).status).toBe(401);
  const { status, text, after } = await ask('good one');
  expect([status, after]).toEqual([429, '10']);
  expect(text).toContain('this address');
  nowMs = 10_000;
  expect((await ask('good one')).status).toBe(200);
});
