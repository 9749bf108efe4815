import type { Workflow } from '../../kernel/index.ts';
import { type Desk, type Floor, workflowMetadata } from '../desk.ts';
import { expiryWorkflow } from './expiry.ts';
import { guardWorkflow } from './guard.ts';
import { haltsWorkflow } from './halts.ts';
import { sessionRoller } from './session-roller.ts';
import { venueWorkflow } from './venue.ts';

/** Everything that acts by itself: for all accounts together, and for each of them. */
export const residentsOf = (
  floor: Floor,
  desks: readonly Desk[],
  /** Called when the guard has halted something, with the code of the danger. */
  onHalt: (code: string) => void,
): readonly Workflow[] => {
  const as = (workflow: string) => () => workflowMetadata(workflow, floor.newId);
  return [
    haltsWorkflow(floor, as('halts')),
    expiryWorkflow(floor, as('expiry')),
    ...desks.flatMap((desk) => [
      sessionRoller(desk, as('session-roller')),
      venueWorkflow(desk),
      guardWorkflow(desk, onHalt),
    ]),
  ];
};
