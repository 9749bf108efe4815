import type { RecordedEvent, StreamName } from '@sentinel/contracts/kernel';
import type { Workflow } from '../../kernel/index.ts';
import { type Control, openSessionsOf } from '../../risk/index.ts';
import type { SessionEvent } from '../session/index.ts';

const dateLength = 'yyyy-mm-dd'.length;

/** The stream, where it is a session of that account: another's name may begin alike. */
export const sessionOfAccount =
  (account: string, types: readonly SessionEvent['type'][]) =>
  ({ stream, type }: RecordedEvent): StreamName | undefined => {
    const date = stream.slice(-dateLength);
    const isWanted = (types as readonly string[]).includes(type);
    return isWanted && stream === `session-${account}-${date}` ? stream : undefined;
  };

/** A session is registered before it opens, and struck off after it has closed. */
const isOpen = async (control: Control, session: string): Promise<boolean> => {
  const isAmong = (state: Awaited<ReturnType<Control['load']>>) =>
    openSessionsOf(state).some(({ stream }) => stream === session);
  return isAmong(await control.load()) || isAmong(await control.refresh());
};

/**
 * The workflow, without steps for sessions that have closed: nothing is left to be done in them, and a log
 * that is read from its beginning, as after a move, has hundreds of them that each step would read to see that.
 */
export const ofOpenSessions = (control: Control, workflow: Workflow): Workflow => ({
  ...workflow,
  step: async (step) => {
    const isClosed = step.key.startsWith('session-') && !(await isOpen(control, step.key));
    return isClosed ? undefined : workflow.step(step);
  },
});
