import { appendFileSync } from 'node:fs';
import { inject } from 'vitest';
import type { TrialOrder, TrialStep } from './trial-order.ts';

declare module 'vitest' {
  // biome-ignore lint/style/useConsistentTypeDefinitions: vitest's own interface is added to.
  interface ProvidedContext {
    /** A {@link TrialOrder} as JSON. */
    readonly trial: string;
  }
}

const aliveEveryMs = 5_000;
let saidMs = 0;

export const trialOrder = (): TrialOrder => JSON.parse(inject('trial')) as TrialOrder;

/** Tells whoever started this process of a step. */
export const sayStep = (step: TrialStep): void => {
  const { steps } = trialOrder();
  if (steps === undefined) return;
  saidMs = performance.now();
  appendFileSync(steps, `${JSON.stringify(step)}\n`);
};

/** Tells now and then that this process goes on. */
export const sayAlive = (): void => {
  if (performance.now() - saidMs > aliveEveryMs) sayStep({ kind: 'alive' });
};
