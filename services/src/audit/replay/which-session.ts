import {
  accepted,
  type Outcome,
  refused,
  type StreamName,
  streamName,
} from '@sentinel/contracts/kernel';
import { accountOf, type Control } from '../../risk/index.ts';

/** Names a session: by its date, by its stream, or the account's newest where nothing is said. */
export const sessionNamer =
  ({
    control,
    account,
  }: {
    readonly control: Pick<Control, 'refresh'>;
    readonly account: string;
  }) =>
  async (named: string | undefined): Promise<Outcome<StreamName, 'UNKNOWN_SESSION'>> => {
    if (named === undefined) {
      const { openSessions, lastClosed } = accountOf(await control.refresh(), account);
      const newest = openSessions.at(-1) ?? lastClosed;
      return newest === null || newest === undefined
        ? refused(
            'UNKNOWN_SESSION',
            'No trading session has been opened yet.',
            'Place or preview an order first: a session opens with it.',
          )
        : accepted(newest.stream);
    }
    const text = named.trim();
    if (/^\d{4}-\d{2}-\d{2}$/.test(text))
      return accepted(streamName('session', `${account}-${text}`));
    return /^session-[A-Za-z0-9_.-]{1,180}$/.test(text)
      ? accepted(streamName('session', text.slice('session-'.length)))
      : refused(
          'UNKNOWN_SESSION',
          `"${text.slice(0, 60)}" is no session.`,
          'Give its trading date, such as 2026-11-27, or its stream as audit.recent_events shows it.',
        );
  };

export const noSuchSession = (stream: StreamName) =>
  refused(
    'UNKNOWN_SESSION',
    `There is no session ${stream}.`,
    'Give the date of a day on which this account traded; audit.recent_events shows streams.',
  );
