import type { Handlers } from '@sentinel/contracts';
import { auditQueries } from '@sentinel/contracts/audit';
import { sessionEvents } from '@sentinel/contracts/execution';
import { accepted, decodeEvent, type EventStore, refused } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { RunTask } from '../../kernel/index.ts';
import type { Control } from '../../risk/index.ts';
import { readPrevious, readSession } from '../replay/stored-session.ts';
import { noSuchSession, sessionNamer } from '../replay/which-session.ts';
import { limitsWith } from './limits-change.ts';
import { shownAgain } from './shown-again.ts';
import type { WhatIfInput, WhatIfOutput } from './what-if-task.ts';

export type WhatIfOptions = {
  readonly eventStore: EventStore;
  readonly market: MarketData;
  readonly control: Pick<Control, 'refresh'>;
  readonly account: string;
  readonly whatIf: RunTask<WhatIfInput, WhatIfOutput>;
};

/** A past session under other limits, decision by decision. */
export const whatIfHandlers = (options: WhatIfOptions): Handlers<'WhatIf'> => {
  const { eventStore, market } = options;
  const nameOf = sessionNamer(options);
  return {
    WhatIf: async ({ session: name, cases, changes }, context) => {
      const named = await nameOf(name);
      if (!named.ok) return named;
      const session = await readSession(eventStore, named.value);
      const [first] = session.events;
      if (first === undefined) return noSuchSession(named.value);
      const opened = decodeEvent(sessionEvents, first);
      if (opened.type !== 'SessionOpened') return noSuchSession(named.value);
      for (const values of cases) {
        const fits = limitsWith(opened.data.limits.limits, values);
        if (!fits.ok) return fits;
      }
      const previous = await readPrevious(eventStore, session);
      const seen = await shownAgain(session, market);
      const output = await options.whatIf({ session, previous, cases, changes, seen }, context);
      return 'answer' in output
        ? accepted(auditQueries.WhatIf.output.parse(output.answer))
        : refused(
            'NOT_REPLAYABLE',
            `The session does not come out again as it is recorded: ${output.differs}`,
            'See audit.replay_session; what would have been otherwise cannot be told from what differs.',
          );
    },
  };
};
