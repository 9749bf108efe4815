import type { VenueReport } from '@sentinel/contracts/execution';
import type { Workflow } from '../../kernel/index.ts';
import type { Desk, Floor } from '../desk.ts';
import { workflowMetadata } from '../workflow-metadata.ts';
import { expiryWorkflow } from './expiry.ts';
import { guardWorkflow } from './guard.ts';
import { haltsWorkflow } from './halts.ts';
import { sessionRoller } from './session-roller.ts';
import { ofOpenSessions } from './session-streams.ts';
import { venueWorkflow } from './venue.ts';
import { windDownWorkflow } from './wind-down.ts';

/** Everything that acts by itself: for all accounts together, and for each of them. */
export const residentsOf = (
  floor: Floor,
  desks: readonly Desk[],
  on: {
    /** The guard has halted something, for this danger. */
    readonly halt: (code: string) => void;
    /** The venue has reported of an order that no session of the account ever had. */
    readonly unmatched: (report: VenueReport) => void;
  },
): readonly Workflow[] => {
  const { control } = floor;
  const as = (workflow: string) => () => workflowMetadata(workflow, floor.newId);
  return [
    haltsWorkflow(floor, as('halts')),
    ofOpenSessions(control, expiryWorkflow(floor, as('expiry'))),
    ...desks.flatMap((desk) => [
      sessionRoller(desk, as('session-roller')),
      ofOpenSessions(control, venueWorkflow(desk, on.unmatched)),
      ofOpenSessions(control, guardWorkflow(desk, on.halt)),
      ofOpenSessions(control, windDownWorkflow(desk, as('wind-down'))),
    ]),
  ];
};
