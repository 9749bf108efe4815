import type { RecordedEvent, StreamName } from '@sentinel/contracts/kernel';
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
