import { expect } from 'vitest';
import type { Answer } from './test-client.ts';

export type Call = (name: string, args?: object) => Promise<Answer>;

const filled = async (call: Call, orderId: string): Promise<Answer> => {
  const order = async () => (await call('execution_get_order', { order_id: orderId })).order;
  const status = async () => (await order()).status;
  await expect.poll(status, { interval: 25, timeout: 10_000 }).toBe('filled');
  return order();
};

/** The eight calls of the specification, as they are written there. */
export const workedExample = async (call: Call, quantity: number) => {
  const nvda = { symbol: 'NVDA', side: 'buy', qty: quantity, order_type: 'market' };
  const added = await call('watchlist.add', { symbols: ['NVDA', 'MSFT', 'AAPL'], group: 'tech' });
  expect([...added.added, ...added.already_there].sort()).toEqual(['AAPL', 'MSFT', 'NVDA']);
  const regime = await call('regime.evaluate', { symbol: 'NVDA', timeframe: '1Day' });
  expect(regime.reasoning.length).toBeGreaterThan(0);
  const past = await call('regime.history', { symbol: 'NVDA', min_position: regime.log_position });
  expect(past.classifications[0]).toMatchObject({ event_id: regime.event_id, label: regime.label });
  const scan = await call('strategy.scan', { group: 'tech', strategy: 'momentum_v1' });
  expect(scan.evaluated).toBe(3);
  expect(scan.signals_count + scan.failed[0].no_signal_count).toBe(3);
  const position = { min_position: scan.log_position };
  const scans = await call('audit.recent_events', { type: 'ScanCompleted', limit: 1, ...position });
  for (const id of [regime.event_id, scans.events[0].event_id]) {
    const found = await call('audit.explain_trade', { audit_event_id: id, ...position });
    expect(found.re_executed).toMatchObject({ result: 'equal', same_code: true });
  }
  const preview = await call('risk.validate_trade', nvda);
  expect(preview).toMatchObject({ outcome: 'APPROVED', denial_code: null });
  const placed = await call('execution.paper_order', nvda);
  const order = await filled(call, placed.order.order_id);
  expect(order).toMatchObject({
    qty: `${quantity}`,
    cumulative_qty: `${quantity}`,
    leaves_qty: '0',
  });
  const status = await call('portfolio.status');
  expect(status.open_positions).toBe(1);
  const recent = await call('audit.recent_events', { symbol: 'NVDA', limit: 1 });
  expect(recent.events[0]).toMatchObject({ type: 'OrderFilled', order_id: placed.order.order_id });
  const history = await call('audit.recent_events', { symbol: 'NVDA', limit: 4 });
  expect(history.events.map(({ type }: Answer) => type)).toEqual([
    'OrderFilled',
    'OrderAccepted',
    'OrderSubmitted',
    'RiskAssessed',
  ]);
  const explained = await call('audit.explain_trade', {
    audit_event_id: recent.events[0].event_id,
  });
  expect(explained).toMatchObject({
    decision_id: placed.order.decision_id,
    order_id: placed.order.order_id,
  });
  expect(explained.re_executed).toMatchObject({
    result: 'equal',
    same_code: true,
    differences: [],
  });
  expect(explained.evidence.map(({ result }: Answer) => result)).toEqual(['equal', 'equal']);
  expect(explained.narrative.at(-1).event_id).toBe(recent.events[0].event_id);
  return { preview, placed, explained };
};
