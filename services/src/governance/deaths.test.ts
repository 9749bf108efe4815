import { expect, test } from 'vitest';
import { testContext } from '../execution/test-kit/test-desk.ts';
import { faultyWorld } from '../kernel/workflow/test-kit.ts';
import { run, testWorld } from '../kernel/workflow/test-world.ts';
import { governedDesk } from './test-governed-desk.ts';

/** Calls after which a process has looked at everything that there is here. */
const longestLife = 60;

/**
 * A strategy drifts, and the process that has to see it dies at its n-th call, before or after that took
 * effect; another one comes. Answers what stands in the log in the end.
 */
const lived = async (death: { readonly nth: number; readonly moment: 'before' | 'after' }) => {
  const world = testWorld();
  const desk = governedDesk(world.eventStore);
  await desk.open();
  for (let n = 0; n < 6; n++) await desk.trade(1);
  for (let n = 0; n < 4; n++) await desk.trade(-1);
  let struck: string | undefined;
  const live = (name: string, process: typeof world | ReturnType<typeof faultyWorld>) => {
    const own = governedDesk(process.eventStore, { still: desk.still, ids: name, replayed: false });
    const residents = own.governance.residents({
      metadata: () => testContext.metadata,
      drift: () => undefined,
    });
    return run({ ...world, ...process }, residents, { owner: name });
  };
  const first = faultyWorld(world, (call, name) => {
    if (call !== death.nth) return undefined;
    struck = `${death.moment} ${name}`;
    return { moment: death.moment };
  });
  live('018b', first);
  await world.timer.advance(3_000);
  first.kill();
  live('018c', world);
  await world.timer.advance(20_000);
  const halts = (await desk.control.refresh()).halts.map(({ target, danger }) => [target, danger]);
  return {
    struck,
    strategy: await desk.types('strategy-momentum_v1'),
    engaged: (await desk.types(desk.session())).filter((type) => type === 'HaltEngaged').length,
    halts,
    code: await desk.codeOf(),
  };
};

test('drift suspends once and in force, wherever the process that sees it dies', async () => {
  const struck: string[] = [];
  for (let nth = 1; nth <= longestLife; nth++)
    for (const moment of ['before', 'after'] as const) {
      const { struck: at, ...end } = await lived({ nth, moment });
      if (at === undefined) continue;
      struck.push(at);
      expect([at, end]).toEqual([
        at,
        {
          strategy: ['StrategyRegistered', 'StrategySuspended'],
          engaged: 1,
          halts: [['momentum_v1', 'STRATEGY_SUSPENDED']],
          code: 'KILL_STATE',
        },
      ]);
    }
  expect(struck.length).toBeGreaterThan(20);
  expect(struck).toContain('after appendToStream');
}, 300_000);
