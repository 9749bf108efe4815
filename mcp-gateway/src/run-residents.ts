import { newId, sha256, systemTimer } from '@sentinel/infra/runtime';
import type { ProgramLog, Telemetry } from '@sentinel/infra/telemetry';
import { type Desk, type Floor, residentsOf, workflowMetadata } from '@sentinel/services/execution';
import type { Governance } from '@sentinel/services/governance';
import { runWorkflows, type WorkflowHealth } from '@sentinel/services/kernel';
import type { Closing } from './closing.ts';
import type { Parts } from './open-parts.ts';

/** Everything that acts on the log by itself. Each of them is at work in the process that holds its lease. */
export const runResidents = (
  { eventStore, workflowStore }: Parts,
  {
    floor,
    desk,
    governance,
    log,
    telemetry,
  }: {
    readonly floor: Floor;
    readonly desk: Desk;
    readonly governance: Governance;
    readonly log: ProgramLog;
    readonly telemetry: Pick<Telemetry, 'beginStep'>;
  },
  ends: Closing,
): { readonly health: () => readonly WorkflowHealth[] } => {
  const workflows = runWorkflows({
    workflows: [
      ...residentsOf(floor, [desk], {
        halt: (code) => log.warn(`the guard has engaged a halt: ${code}`),
        unmatched: ({ venueOrderId, execType }) =>
          log.warn(`the venue reports ${execType} of ${venueOrderId}, an order that is not known`),
      }),
      ...governance.residents({
        metadata: (workflow) => workflowMetadata(workflow, newId),
        drift: (strategy) => log.warn(`critical drift: strategy ${strategy} is suspended`),
      }),
    ],
    ...{ eventStore, workflowStore, digest: sha256, timer: systemTimer },
    owner: newId(),
    hearStep: telemetry.beginStep,
    onProblem: ({ workflow, key, error }) =>
      log.error(`the workflow ${workflow} could not go on${key ? ` with ${key}` : ''}`, error),
  });
  ends.add('workflows', workflows.stop);
  return workflows;
};
