import type { EventMetadata, RecordedEvent } from '@sentinel/contracts/kernel';
import type { Workflow } from '../../kernel/index.ts';
import { controlStream } from '../../risk/index.ts';
import type { Floor } from '../desk.ts';

const wakes: ReadonlySet<string> = new Set(['HaltEngaged', 'HaltReleased', 'LimitsAdopted']);

/** In whichever stream: a halt is told to all that it covers at once, and may stand in any of them alone. */
const concerns = ({ type }: Pick<RecordedEvent, 'type'>): string | undefined =>
  wakes.has(type) ? controlStream : undefined;

/**
 * Brings what stands in the control stream into every open session, and a halt that stands in a session
 * alone into the control stream, when the process that wrote it there died before it had told them.
 */
export const haltsWorkflow = (
  { under }: Pick<Floor, 'under'>,
  metadata: () => EventMetadata,
): Workflow => ({
  name: 'halts',
  concerns,
  keys: () => [controlStream],
  step: async ({ fence }) => {
    await under(fence).halting.alignAll(metadata());
    return undefined;
  },
});
