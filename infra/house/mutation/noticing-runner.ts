import { TestRunner } from 'vitest';
import { mutantSwitch } from './mutant-switch.ts';
import { sayAlive, trialOrder } from './say-step.ts';

/** A test that passed on the sources as they are, and can be run again. */
export type RanTest = {
  readonly id: string;
  readonly file: string;
  readonly name: string;
  /** Of the processor: a busy machine makes no test longer. */
  readonly tookMs: number;
  /** @throws whatever fails it */
  readonly again: () => unknown;
};

type AnyTask = Parameters<TestRunner['onAfterRunTask']>[0];

const ranTests: RanTest[] = [];
const failedTests: string[] = [];

/** What has run in this process so far. Tests that failed are named: what they would notice is unknown. */
export const whatRan = (): {
  readonly passed: readonly RanTest[];
  readonly failed: readonly string[];
} => ({ passed: ranTests, failed: failedTests });

const usedMs = (): number => {
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1_000;
};

// vitest asks for a default export.
/** Vitest's own runner, which counts what each test reaches and remembers how to run it again. */
export default class NoticingRunner extends TestRunner {
  #begunMs = 0;

  constructor(...given: ConstructorParameters<typeof TestRunner>) {
    super(...given);
    const { fromStart } = trialOrder();
    if (fromStart !== undefined) mutantSwitch().activeMutant = fromStart;
  }

  override onBeforeTryTask(...[task, options]: Parameters<TestRunner['onBeforeTryTask']>): void {
    super.onBeforeTryTask(task, options);
    sayAlive();
    this.#begunMs = usedMs();
    mutantSwitch().currentTestId = task.id;
  }

  override onAfterRunTask(task: AnyTask): void {
    super.onAfterRunTask(task);
    mutantSwitch().currentTestId = undefined;
    if (task.type !== 'test' || task.mode !== 'run') return;
    const { name } = task;
    const file = task.file.name;
    if (task.result?.state !== 'pass') failedTests.push(`${file}: ${name}`);
    else
      ranTests.push({
        ...{ id: task.id, file, name, tookMs: usedMs() - this.#begunMs },
        again: TestRunner.getTestFn(task),
      });
  }
}
