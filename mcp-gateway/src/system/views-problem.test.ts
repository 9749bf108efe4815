import type { ViewStatus } from '@sentinel/projections';
import { expect, test } from 'vitest';
import { viewsProblem } from './views-problem.ts';

const status = (view: string, state: ViewStatus['state']) =>
  ({ view, state, logPosition: 1n }) as ViewStatus;
const problemOf = (views: readonly ViewStatus[], problem?: string, lag = 0) =>
  viewsProblem({ views: () => views, projectorProblem: () => problem, lagMs: () => lag });

test('the views have a problem while the projector has, or one by which people judge risk is parked', () => {
  const live = [status('orders', 'live'), status('recent_events', 'live')];
  expect(problemOf(live)).toBeUndefined();
  expect(problemOf(live, 'the database is gone')).toBe('the database is gone');
  expect(problemOf([...live, status('recent_events', 'parked')])).toBeUndefined();
  expect(problemOf([...live, status('accounts', 'parked')])).toBe('accounts is parked');
  expect(problemOf(live, undefined, 30_000)).toBeUndefined();
  expect(problemOf(live, undefined, 31_000)).toBe('orders stands 31 s behind the log');
  expect(problemOf([status('recent_events', 'live')], undefined, 31_000)).toBeUndefined();
});
