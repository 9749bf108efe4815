import { streaming } from '@alpacahq/alpaca-trade-api';
import type { Ticker } from '@sentinel/contracts/market';
import { exactPrice, timeMs } from './figures.ts';
import { announce, type Heard, haltOf, heardOf } from './heard.ts';
import type { AlpacaSettings } from './settings.ts';
import { quoteTick, tradeTick } from './ticks.ts';

export type StreamOptions = {
  /** The market's clock, epoch milliseconds. */
  readonly nowMs: () => number;
  /** Told of the time of each event; answers whether it can be true. */
  readonly sees: (atMs: number) => boolean;
  /** The first wait before a lost connection is made again; it doubles up to 15 s. */
  readonly reconnectMs?: number;
};

export type Stream = {
  /** What is heard of a symbol, which is listened to from now on. */
  readonly follow: (symbol: Ticker) => Heard;
  readonly followed: () => readonly Heard[];
  readonly isConnected: () => boolean;
  /** How late the newest event came, milliseconds. */
  readonly lagMs: () => number;
  /** What went wrong last, while it has not been mended. */
  readonly problem: () => string | undefined;
  /** Whether the keys were taken; undefined while that is not known in time. */
  readonly accepted: (withinMs: number) => Promise<boolean | undefined>;
  readonly close: () => void;
};

const longestReconnectMs = 15_000;

type Taking = (symbol: string, at: Date | string, take: (heard: Heard) => void) => void;

const listenTo = (socket: streaming.StockDataStream, symbol: Ticker): void => {
  socket.subscribeForQuotes([symbol]);
  socket.subscribeForTrades([symbol]);
  socket.subscribeForStatuses([symbol]);
  socket.subscribeForLulds([symbol]);
};

/** What each kind of event changes of what is heard of its symbol. */
const takeEvents = (socket: streaming.StockDataStream, taking: Taking): void => {
  socket.onQuote((q) =>
    taking(q.symbol, q.timestamp, ({ quotes }) =>
      quotes.add(
        quoteTick({
          ...{ t: q.timestamp, bp: q.bidPrice, bs: q.bidSize, ap: q.askPrice, as: q.askSize },
        }),
      ),
    ),
  );
  socket.onTrade((t) =>
    taking(t.symbol, t.timestamp, ({ trades }) =>
      trades.add(tradeTick({ t: t.timestamp, p: t.price, i: t.idRaw ?? t.id })),
    ),
  );
  socket.onCorrection((c) =>
    taking(c.symbol, c.timestamp, ({ trades }) =>
      trades.amend(
        ({ id }) => id === (c.originalIdRaw ?? String(c.originalId)),
        (trade) => ({
          ...{ atMs: trade.atMs, price: exactPrice(c.correctedPrice) },
          id: c.correctedIdRaw ?? String(c.correctedId),
        }),
      ),
    ),
  );
  socket.onCancelError((c) =>
    taking(c.symbol, c.timestamp, ({ trades }) =>
      trades.amend(
        ({ id }) => id === (c.idRaw ?? String(c.id)),
        () => undefined,
      ),
    ),
  );
  socket.onStatus((s) =>
    taking(s.symbol, s.timestamp, ({ halts }) => {
      const halted = haltOf(s.statusCode);
      if (halted !== undefined) announce(halts, { atMs: timeMs(s.timestamp), halted });
    }),
  );
  socket.onLuld(({ symbol, timestamp, limitDownPrice: down, limitUpPrice: up }) =>
    taking(symbol, timestamp, ({ bands }) =>
      announce(bands, {
        atMs: timeMs(timestamp),
        bands: down > 0 && up > 0 ? { lower: exactPrice(down), upper: exactPrice(up) } : null,
      }),
    ),
  );
};

/**
 * Listens to quotes, trades, halts and limit bands of the symbols that are followed. A connection that
 * is lost is made again for good; what was missed meanwhile is not made up here: the tapes say what they lack.
 */
export const openStream = (settings: AlpacaSettings, options: StreamOptions): Stream => {
  const { keyId, secretKey: secret, feed, streamUrl } = settings;
  const heard = new Map<string, Heard>();
  let [connected, lagMs] = [false, 0];
  let problem: string | undefined;
  const socket = new streaming.StockDataStream({
    ...{ credentials: { keyId, secret }, feed },
    ...(streamUrl !== undefined && { url: `${streamUrl.replace(/\/+$/, '')}/v2/${feed}` }),
    maxReconnectAttempts: streaming.UNLIMITED_RECONNECT_ATTEMPTS,
    initialReconnectMs: options.reconnectMs ?? 1_000,
    maxReconnectMs: longestReconnectMs,
  });

  /** What comes is taken when it is of a symbol that is followed, and whole. */
  const taking: Taking = (symbol, at, take) => {
    const own = heard.get(symbol);
    if (own === undefined) return;
    try {
      const atMs = timeMs(at);
      if (!options.sees(atMs)) {
        problem = `an event of ${symbol} was stamped ${new Date(atMs).toISOString()}, which is yet to come`;
        return;
      }
      lagMs = Math.max(0, options.nowMs() - atMs);
      take(own);
    } catch (error) {
      problem = error instanceof Error ? error.message : 'an event could not be read';
      own.quotes.end();
      own.trades.end();
    }
  };

  const silence = (): void => {
    for (const { quotes, trades } of heard.values()) {
      quotes.end();
      trades.end();
    }
  };

  socket.onStateChange((state) => {
    connected = state === streaming.STATE.AUTHENTICATED;
    if (connected) problem = undefined;
    else silence();
  });
  socket.onError((text) => {
    problem = text.replaceAll(secret, '…').replaceAll(keyId, '…');
  });
  socket.on(
    streaming.EVENT.SUBSCRIPTION,
    ({ quotes, trades }: { readonly quotes: string[]; readonly trades: string[] }) => {
      const [toQuotes, toTrades] = [new Set(quotes), new Set(trades)];
      for (const [symbol, own] of heard) {
        if (toQuotes.has(symbol)) own.quotes.begin(options.nowMs());
        if (toTrades.has(symbol)) own.trades.begin(options.nowMs());
      }
    },
  );
  takeEvents(socket, taking);
  socket.connect();

  return {
    follow: (symbol) => {
      const known = heard.get(symbol);
      if (known !== undefined) return known;
      const own = heardOf(symbol);
      heard.set(symbol, own);
      listenTo(socket, symbol);
      return own;
    },
    followed: () => [...heard.values()],
    isConnected: () => connected,
    lagMs: () => lagMs,
    problem: () => problem,
    accepted: async (withinMs) => {
      const { status } = await socket.waitForAuthenticationResult(withinMs);
      if (status === streaming.STREAM_AUTH_STATUS.AUTHENTICATED) return true;
      return status === streaming.STREAM_AUTH_STATUS.SERVER_REJECTED ? false : undefined;
    },
    close: () => socket.disconnect(),
  };
};
