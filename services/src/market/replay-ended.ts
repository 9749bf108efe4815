import { isBefore, type Outcome, refused } from '@sentinel/contracts/kernel';
import type { MarketData } from '@sentinel/contracts/market';

/** Why a market whose data has come to its end takes no order; undefined while it goes on. */
export const replayEnded = ({
  endsAt,
  now,
}: Pick<MarketData, 'endsAt' | 'now'>):
  | Extract<Outcome<never, 'REPLAY_ENDED'>, { ok: false }>
  | undefined =>
  endsAt === undefined || isBefore(now(), endsAt)
    ? undefined
    : refused(
        'REPLAY_ENDED',
        `The replay has ended: its bars end at ${endsAt}, and nothing trades after them.`,
        'Start another replay with another SENTINEL_DATA_DIR, or with more bars in MARKET_DATA_DIR.',
      );
