import type { Grant } from '@sentinel/contracts/access';
import type { Approver } from '@sentinel/contracts/approval';
import { sessionEvents } from '@sentinel/contracts/execution';
import { decodeEvent, type GrantId, type RecordedEvent } from '@sentinel/contracts/kernel';
import { startTestRedis, type TestRedis, whyNoTestRedis } from '@sentinel/infra/shared-state';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openLedger, place } from './chaos/index.ts';
import { type Answer, type TestClient, testClient } from './test-client.ts';
import { type TestHouse, testOperatorKey } from './test-house.ts';
import { startTwoHouses, type TwoHouses } from './test-two-houses.ts';

let houses: TwoHouses;
let one: TestClient;
let other: TestClient;
let redis: TestRedis | undefined;

beforeAll(async () => {
  if (whyNoTestRedis === undefined) redis = await startTestRedis();
  houses = await startTwoHouses({
    ...(redis !== undefined && { REDIS_URL: redis.url }),
    ...{ MAX_ORDERS_PER_SECOND: '1000000', MAX_ORDERS_PER_MINUTE: '1000000' },
    ...{ MAX_ORDERS_PER_DAY: '1000000', MAX_CONCURRENT_POSITIONS: '100' },
    ...{ MAX_POSITION_PCT: '1', MAX_GROSS_EXPOSURE_PCT: '10', PAPER_STARTING_CASH: '10000000' },
  });
  one = await testClient(houses.one);
  other = await testClient(houses.other);
}, 120_000);

afterAll(async () => {
  await Promise.all([one?.close(), other?.close()]);
  await houses?.dispose();
  await redis?.kill();
}, 120_000);

const resting = (symbol: string): object => ({
  ...{ symbol, side: 'buy', qty: 10, order_type: 'limit', limit_price: '5.00' },
  time_in_force: 'gtc',
});
const market = (symbol: string, qty = 3): object => ({
  ...{ symbol, side: 'buy', qty, order_type: 'market' },
});
const grantId = '01890000-0000-7000-8000-0000000000a1' as GrantId;
const operator: Approver = {
  principal: 'operator-key:test',
  identifiedBy: 'operator_key',
  through: 'command',
};
const causes = { correlationId: 'desk', causationId: 'desk' };
const grant: Grant = {
  ...{ grantId, client: { id: 'claude', name: 'Claude' }, principal: operator.principal },
  ...{ abilities: ['look'], symbols: null, accounts: null, maxOrderValue: null },
  ...{ maxDayValue: null, expiresAt: null },
};
const globally = { scope: 'global', reason: 'a drill' };

/** A human at the machine of that house says yes. */
const sayYes = async (house: TestHouse, id: string): Promise<void> => {
  const headers = {
    authorization: `Bearer ${testOperatorKey}`,
    'content-type': 'application/json',
  };
  const shown = (await (await fetch(house.url(`/approvals/${id}`), { headers })).json()) as Answer;
  const response = await fetch(house.url(`/desk/approvals/${id}`), {
    ...{ method: 'POST', headers },
    body: JSON.stringify({ digest: shown.request.digest, approves: true }),
  });
  expect(response.status).toBe(200);
};

const released = async (by: TestClient, house: TestHouse): Promise<void> => {
  const asked = await by.call('risk_kill_switch_disable', {
    scope: 'global',
    reason: 'the drill is over',
  });
  await sayYes(house, asked.request_id ?? asked.approval.request_id);
};

/** Orders to buy that a session took after its first halt. */
const submittedAfter = (log: readonly RecordedEvent[]): number => {
  const isSession = ({ stream }: RecordedEvent) => stream.startsWith('session-');
  const events = log.filter(isSession).map((recorded) => decodeEvent(sessionEvents, recorded));
  const from = events.findIndex(({ type }) => type === 'HaltEngaged');
  expect(from).toBeGreaterThan(0);
  // What shrinks a position passes.
  return events
    .slice(from)
    .filter(({ type, data }) => type === 'OrderSubmitted' && data.intent.side === 'buy').length;
};

describe('of two gateways', () => {
  test('the other cancels, replaces and reads what was placed at the one', async () => {
    // The other has seen the session, and nothing of what happens in it from here on.
    await other.call('risk_validate_trade', market('KO'));
    const first = await one.call('execution_paper_order', resting('NVDA'));
    const canceled = await other.call('execution_cancel_order', {
      order_id: first.order.order_id,
    });
    expect(canceled.order.status).toMatch(/cancel/);
    const second = await one.call('execution_paper_order', resting('MSFT'));
    await one.until(
      'execution_get_order',
      { order_id: second.order.order_id },
      ({ order }) => order.status === 'accepted',
    );
    const replaced = await other.call('execution_replace_order', {
      ...{ order_id: second.order.order_id, limit_price: '6.00' },
    });
    expect(replaced.order.order_id).toBe(second.order.order_id);
    const bought = await one.call('execution_paper_order', market('KO', 7));
    const filled = await one.until(
      'execution_get_order',
      { order_id: bought.order.order_id },
      ({ order }) => order.status === 'filled',
    );
    const seen = await other.call('portfolio_positions', {
      min_position: filled.as_of_position,
    });
    expect(seen.positions).toMatchObject([{ symbol: 'KO', quantity: '7' }]);
  });

  test('a human answers at the other what was asked at the one', async () => {
    const proposed = await one.call('execution_propose_order', market('PG'));
    await sayYes(houses.other, proposed.approval.request_id);
    await one.until(
      'execution_get_order',
      { order_id: proposed.order.order_id },
      ({ order }) => order.status === 'filled',
    );
  });

  test('once the one has acknowledged a halt no order passes at the other', async () => {
    const ledger = openLedger();
    let halted = false;
    const late: string[] = [];
    const caller = async () => {
      for (let n = 0; n < 40; n++) {
        const call = ledger.next();
        const isLate = halted;
        const answer = await place(other.client, call);
        const isDenied = answer.kind === 'acknowledged' && answer.answer.denied;
        if (isLate && call.arguments.side === 'buy' && !isDenied) late.push(call.key);
      }
    };
    const callers = [caller(), caller(), caller()];
    await one.call('risk_kill_switch_enable', globally);
    halted = true;
    await Promise.all(callers);
    expect(late).toEqual([]);
    expect(submittedAfter(await houses.readLog())).toBe(0);
  });

  test('what a human says at the one of what a client may do holds at the other from its next call on', async () => {
    const [here, there] = [houses.one.sentinel, houses.other.sentinel];
    const done = { by: operator, at: here.access.now() };
    const known = async () => {
      const { version, standing } = (await there.grants.newest(grantId)) ?? {};
      return [version, standing];
    };
    expect(await known()).toEqual([undefined, undefined]);
    const metadata = { principal: operator.principal, client: 'desk', tool: 'desk', ...causes };
    const { grantId: _, client: __, principal: ___, ...terms } = grant;
    const say = (command: Parameters<typeof here.grants.execute>[1]) =>
      here.grants.execute(grantId, command, metadata);
    await say({ type: 'GrantAccess', grant, ...done });
    expect(await known()).toEqual([1, 'in_force']);
    const wider = { ...terms, abilities: ['look' as const, 'trade' as const] };
    await say({ type: 'ChangeAccess', terms: wider, version: 1, ...done });
    expect(await known()).toEqual([2, 'in_force']);
    await say({ type: 'RevokeAccess', reason: null, ...done });
    expect(await known()).toEqual([3, 'revoked']);
    // The session that is open has both changes, so that no order is judged by what was before.
    const told = (await houses.readLog()).filter(({ type }) => type === 'AccessAdopted');
    expect(told).toHaveLength(2);
  });

  test('a halt that one knows of and the other has released is engaged anew, not taken as standing', async () => {
    await released(one, houses.one);
    await one.call('risk_kill_switch_enable', globally);
    await other.call('risk_kill_switch_enable', globally);
    await released(one, houses.one);
    const again = await other.call('risk_kill_switch_enable', globally);
    expect(again).toBeDefined();
    for (const each of [one, other])
      expect(await each.refusal('execution_paper_order', market('JNJ'))).toMatch(/halt/i);
  });
});

describe.skipIf(whyNoTestRedis !== undefined)(
  `while their Redis is gone${whyNoTestRedis === undefined ? '' : ` (${whyNoTestRedis})`}`,
  () => {
    const sharedState = async (of: TestClient) =>
      (await of.call('system_health', {})).components.find(
        ({ component }: { readonly component: string }) => component === 'shared state',
      );
    const both = () => [one, other];
    let shares = 0;
    /** Never twice on the same terms. */
    const next = (symbol: string) => market(symbol, ++shares);
    const buys = (of: TestClient) =>
      of.client.callTool({ name: 'execution_paper_order', arguments: { ...next('PEP') } });

    test('both read, exit and halt, and neither takes new risk until it is back', async () => {
      await released(one, houses.one);
      await one.call('execution_paper_order', market('KO', 9));
      for (const each of both()) expect(await sharedState(each)).toMatchObject({ state: 'ready' });
      await redis?.kill();
      for (const each of both()) {
        expect(await each.refusal('execution_paper_order', market('PEP'))).toMatch(
          /VIEWS_CURRENT.*Nothing that adds risk is taken: orders cannot be counted for all gateways \(Redis/s,
        );
        expect(await sharedState(each)).toMatchObject({ state: 'degraded' });
        expect((await each.call('portfolio_positions', {})).positions.length).toBeGreaterThan(0);
        const { order } = await each.call('execution_paper_order', {
          ...next('KO'),
          side: 'sell',
        });
        expect(order.status).not.toBe('denied');
      }
      await other.call('risk_kill_switch_enable', globally);
      await redis?.restart();
      for (const each of both())
        await expect.poll(() => sharedState(each)).toMatchObject({ state: 'ready' });
      expect(await one.refusal('execution_paper_order', market('PEP'))).toMatch(/halt/i);
      await released(other, houses.other);
      for (const each of both())
        await expect.poll(async () => (await buys(each)).isError ?? false).toBe(false);
    });
  },
);
