import { beforeAll, type LogPosition } from '@sentinel/contracts/kernel';
import { memoryEventStore } from '@sentinel/infra/event-store';
import { sha256, systemClock } from '@sentinel/infra/runtime';
import { memoryWorkflowStore } from '@sentinel/infra/workflow-store';
import { type RunningWorkflows, runWorkflows, type WorkflowsOptions } from './run-workflows.ts';
import { type VirtualTimer, virtualTimer, type World } from './test-kit.ts';
import { concernsCauses } from './test-mirror.ts';
import type { Workflow, WorkflowStep } from './workflow.ts';

/** An empty log, no leases, and time that passes only when a test lets it. */
export const testWorld = (): World & { readonly timer: VirtualTimer } => {
  const timer = virtualTimer();
  return {
    timer,
    eventStore: memoryEventStore({ now: systemClock }),
    workflowStore: memoryWorkflowStore({ nowMs: timer.nowMs }),
  };
};

/** Runs workflows in a world, quietly unless told otherwise. */
export const run = (
  world: World,
  workflows: readonly Workflow[],
  options: Partial<WorkflowsOptions> = {},
): RunningWorkflows =>
  runWorkflows({
    ...world,
    workflows,
    digest: sha256,
    owner: 'one',
    onProblem: () => undefined,
    ...options,
  });

/** A workflow over the causes of `cause`, with the step that a test wants to see. */
export const over = (
  name: string,
  step: (step: WorkflowStep) => Promise<{ readonly againMs: number } | undefined>,
  rest: Partial<Workflow> = {},
): Workflow => ({ name, concerns: concernsCauses, step, ...rest });

/** Waits until the log is read to its end and all of it is stepped. */
export const untilStepped = async (
  world: World & { readonly timer: VirtualTimer },
  running: RunningWorkflows,
): Promise<void> => {
  let end: LogPosition;
  do {
    end = await world.eventStore.lastPosition();
    await world.timer.until(() =>
      running.health().every(({ logPosition = beforeAll }) => logPosition >= end),
    );
  } while (end !== (await world.eventStore.lastPosition()));
};

/** Stops workflows while time passes, and answers how many milliseconds that took. */
export const stop = async (
  { timer }: { readonly timer: VirtualTimer },
  workflows: RunningWorkflows,
): Promise<number> => {
  let stopped = false;
  const stopping = workflows.stop().then(() => {
    stopped = true;
  });
  const tookMs = await timer.until(() => stopped);
  await stopping;
  return tookMs;
};
