import type { EventMetadata } from '@sentinel/contracts/kernel';
import type { Workflow } from '../../kernel/index.ts';
import { controlStream } from '../../risk/index.ts';
import type { Floor } from '../desk.ts';

const wakes: ReadonlySet<string> = new Set(['HaltEngaged', 'HaltReleased', 'LimitsAdopted']);

/**
 * Brings what stands in the control stream into every open session, also when the process that wrote
 * it there died before it had told them.
 */
export const haltsWorkflow = ({ halting }: Floor, metadata: () => EventMetadata): Workflow => ({
  name: 'halts',
  concerns: ({ stream, type }) =>
    stream === controlStream && wakes.has(type) ? controlStream : undefined,
  keys: () => [controlStream],
  step: async () => {
    await halting.alignAll(metadata());
    return undefined;
  },
});
