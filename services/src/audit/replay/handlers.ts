import type { Handlers, OutputOf } from '@sentinel/contracts';
import { auditQueries } from '@sentinel/contracts/audit';
import { accepted, decodeEvent, type EventStore, refused } from '@sentinel/contracts/kernel';
import { signalEvents } from '@sentinel/contracts/strategy';
import type { RunTask } from '../../kernel/index.ts';
import type { Control } from '../../risk/index.ts';
import { findingEvent, type SignalSources } from '../judge-again.ts';
import { reExecuteSignal } from '../re-execute-signal.ts';
import type { ReplayInput, ReplayOutput } from './replay-task.ts';
import { readPrevious, readSession, type StoredSession } from './stored-session.ts';
import { noSuchSession, sessionNamer } from './which-session.ts';

export type ReplayOptions = SignalSources & {
  readonly eventStore: EventStore;
  readonly control: Pick<Control, 'refresh'>;
  readonly account: string;
  readonly replay: RunTask<ReplayInput, ReplayOutput>;
};

/** How many events had happened right after the event or position that is named; 0 for none. */
const eventsUntil = ({ events }: StoredSession, asOf: string | undefined): number => {
  if (asOf === undefined) return events.length;
  const id = asOf.toLowerCase();
  if (!/^\d{1,39}$/.test(id)) return events.findIndex((event) => event.id === id) + 1;
  const position = BigInt(id);
  return events.findLastIndex(({ logPosition }) => logPosition <= position) + 1;
};

type Signal = NonNullable<OutputOf<'ReplaySession'>['decisions'][number]['signal']>;

const madeAgain = async (signal: Signal, sources: SignalSources): Promise<Signal> => {
  const stored = await findingEvent(sources, signal.signal_id);
  if (stored?.type !== 'SignalFound') return signal;
  const { result } = await reExecuteSignal(decodeEvent(signalEvents, stored), sources);
  return { ...signal, made_again: result };
};

/** A past session executed again, and how it stood at any of its events. */
export const replayHandlers = (options: ReplayOptions): Handlers<'ReplaySession'> => {
  const nameOf = sessionNamer(options);
  return {
    ReplaySession: async (input, context) => {
      const named = await nameOf(input.session);
      if (!named.ok) return named;
      const session = await readSession(options.eventStore, named.value);
      if (session.events.length === 0) return noSuchSession(named.value);
      const until = eventsUntil(session, input.as_of);
      if (until === 0)
        return refused(
          'UNKNOWN_EVENT',
          `Nothing of ${session.stream} had happened at ${input.as_of}.`,
          `Give the id of one of its events, or a log position from ${session.events[0]?.logPosition} on.`,
        );
      const skip = Number(input.cursor ?? 0);
      if (!Number.isInteger(skip) || skip < 0)
        return refused('INVALID_ARGUMENT', 'The cursor is none of this tool.', 'Leave it out.');
      const { answer } = await options.replay(
        {
          ...{ session, until, skip, limit: input.limit },
          full: input.detail === 'full',
          previous: await readPrevious(options.eventStore, session),
        },
        context,
      );
      const value = auditQueries.ReplaySession.output.parse(answer);
      const decisions: typeof value.decisions = [];
      for (const decision of value.decisions)
        decisions.push({
          ...decision,
          signal: decision.signal && (await madeAgain(decision.signal, options)),
        });
      return accepted({ ...value, decisions });
    },
  };
};
