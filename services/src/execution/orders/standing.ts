import { accepted, beforeAll, type EventMetadata, type Outcome } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';
import type { OrderIntent } from '@sentinel/contracts/risk';
import { replayEnded } from '../../market/index.ts';
import type { Facts, Standing } from '../../risk/index.ts';
import { assessedAccount, markedSymbols } from '../session/index.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** What an order of a certain intent would be judged by at this moment; nothing is recorded of it. */
export const standingOf =
  ({
    sessions,
    facts,
    market,
  }: {
    readonly sessions: Sessions;
    readonly facts: Facts;
    readonly market: Pick<MarketData, 'endsAt' | 'now'>;
  }) =>
  async (intent: OrderIntent, metadata: EventMetadata): Promise<Outcome<Standing>> => {
    const current = await sessions.current(metadata);
    if (!current.ok) return current;
    const ended = replayEnded(market);
    if (ended !== undefined) return ended;
    const { state, logPosition } = await sessions.refresh(current.value);
    if (state.phase !== 'open') throw new Error('the current session is not open');
    const known = await facts.gather(intent, markedSymbols(state), metadata);
    return accepted({
      account: assessedAccount(state, { intent, facts: known }),
      facts: known,
      limits: state.limits,
      logPosition: logPosition ?? beforeAll,
    });
  };
