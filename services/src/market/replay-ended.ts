import { isBefore, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';

type Ending = Pick<MarketData, 'endsAt' | 'now'>;

/** Whether the data of a replay has come to its end. */
export const hasEnded = ({ endsAt, now }: Ending): boolean =>
  endsAt !== undefined && !isBefore(now(), endsAt);

/** Why a market whose data has come to its end takes no order; undefined while it goes on. */
export const replayEnded = (
  market: Ending,
): Extract<Outcome<never, 'REPLAY_ENDED'>, { ok: false }> | undefined =>
  hasEnded(market)
    ? refused(
        'REPLAY_ENDED',
        `The replay has ended: its bars end at ${market.endsAt}, and nothing trades after them. The last session is closed, and what is held stays in its books at the last prices.`,
        'To trade on from these books, put more bars into MARKET_DATA_DIR and start again; for another replay, start with another SENTINEL_DATA_DIR.',
      )
    : undefined;
