import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { decode, encode } from '@msgpack/msgpack';
import { type WebSocket, WebSocketServer } from 'ws';

/** Answers of Alpaca's data API, as its pages describe them, on a server of this machine. */

type Row = Readonly<Record<string, unknown>> & { readonly t: string };

/** Rows as they would be sent; `fromMs` and `toMs` are both within. */
export type Asked = {
  readonly symbol: string;
  readonly fromMs: number;
  readonly toMs: number;
  readonly newestFirst: boolean;
  readonly timeframe: string;
  readonly adjustment: string;
  readonly most: number;
};

export type StubData = {
  readonly bars: (asked: Asked) => readonly Row[] | Promise<readonly Row[]>;
  readonly quotes: (asked: Asked) => readonly Row[] | Promise<readonly Row[]>;
  readonly trades: (asked: Asked) => readonly Row[] | Promise<readonly Row[]>;
  readonly latest: (
    kind: 'quotes' | 'trades',
    symbol: string,
  ) => Row | undefined | Promise<Row | undefined>;
  readonly actions?: (query: URLSearchParams) => Readonly<Record<string, readonly object[]>>;
};

export const stubKeys = {
  keyId: 'PKSTUBKEYID0000001',
  secretKey: 'stubsecret/8e1f2a77c0de',
} as const;

type Refusal = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type Stub = {
  readonly url: string;
  readonly streamUrl: string;
  /** Paths with their queries, in the order in which they were asked. */
  readonly requests: string[];
  /** The next answers are these refusals, one each. */
  readonly refuse: (...refusals: readonly Refusal[]) => void;
  /** Sends events to whoever listens. */
  readonly send: (...events: readonly object[]) => void;
  /** Breaks every connection of the stream; with `forGood` new ones are refused until `mend`. */
  readonly breakStream: (forGood?: boolean) => void;
  readonly mendStream: () => void;
  /** Symbols that are listened to, by channel, on the connection that is there. */
  readonly subscribed: () => Readonly<Record<string, readonly string[]>>;
  readonly close: () => Promise<void>;
};

const channels = ['trades', 'quotes', 'bars', 'statuses', 'lulds', 'corrections'] as const;

const isAuthorized = ({ headers }: IncomingMessage): boolean =>
  headers['apca-api-key-id'] === stubKeys.keyId &&
  headers['apca-api-secret-key'] === stubKeys.secretKey;

const rowsOf = async (
  data: StubData,
  kind: 'bars' | 'quotes' | 'trades',
  { url, pageRows }: { readonly url: URL; readonly pageRows: number },
) => {
  const query = url.searchParams;
  const symbol = query.get('symbols') ?? '';
  const newestFirst = query.get('sort') === 'desc';
  const token = query.get('page_token');
  const [from, to] = [query.get('start') ?? '', query.get('end') ?? ''].map((t) => Date.parse(t));
  const most = Math.min(pageRows, Number(query.get('limit') ?? 1_000));
  const rows = await data[kind]({
    symbol,
    fromMs: !newestFirst && token !== null ? Number(token) + 1 : (from ?? 0),
    toMs: newestFirst && token !== null ? Number(token) - 1 : (to ?? 0),
    ...{ newestFirst, most: most + 1 },
    timeframe: query.get('timeframe') ?? '',
    adjustment: query.get('adjustment') ?? 'raw',
  });
  const page = rows.slice(0, most);
  const last = page.at(-1)?.t;
  return {
    [kind]: page.length === 0 ? {} : { [symbol]: page },
    next_page_token: rows.length > most && last !== undefined ? String(Date.parse(last)) : null,
  };
};

const answerOf = async (
  data: StubData,
  url: URL,
  pageRows: number,
): Promise<object | undefined> => {
  const path = url.pathname;
  const kind = (['bars', 'quotes', 'trades'] as const).find(
    (each) => path === `/v2/stocks/${each}`,
  );
  if (kind !== undefined) return rowsOf(data, kind, { url, pageRows });
  const latest = (['quotes', 'trades'] as const).find(
    (each) => path === `/v2/stocks/${each}/latest`,
  );
  if (latest !== undefined) {
    const symbols = (url.searchParams.get('symbols') ?? '').split(',');
    const rows = await Promise.all(
      symbols.map(async (symbol) => [symbol, await data.latest(latest, symbol)] as const),
    );
    return { [latest]: Object.fromEntries(rows.filter(([, row]) => row !== undefined)) };
  }
  if (path === '/v1/corporate-actions')
    return { corporate_actions: data.actions?.(url.searchParams) ?? {}, next_page_token: null };
  return undefined;
};

export const startStub = async (data: StubData, pageRows = 1_000): Promise<Stub> => {
  const requests: string[] = [];
  const refusals: Refusal[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://stub');
    requests.push(`${url.pathname}${url.search}`);
    const reply = (status: number, body: string, headers = {}) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
    };
    const refusal = refusals.shift();
    if (!isAuthorized(request)) reply(401, '{"message":"unauthorized."}');
    else if (refusal !== undefined)
      reply(refusal.status, refusal.body ?? '{"message":"no"}', refusal.headers);
    else
      answerOf(data, url, pageRows).then(
        (answer) => reply(answer === undefined ? 404 : 200, JSON.stringify(answer ?? {})),
        (error: unknown) => reply(500, JSON.stringify({ message: String(error) })),
      );
  });
  const sockets = new Map<WebSocket, Map<string, Set<string>>>();
  let broken = false;
  const listening = new WebSocketServer({ noServer: true });
  server.on('upgrade', (request, socket, head) => {
    if (broken || !/^\/v2\/(iex|sip)$/.test(request.url ?? '')) socket.destroy();
    else listening.handleUpgrade(request, socket, head, (own) => accept(own));
  });
  const accept = (socket: WebSocket): void => {
    const say = (...frames: readonly object[]) => socket.send(encode(frames));
    const own = new Map<string, Set<string>>(channels.map((each) => [each, new Set()]));
    say({ T: 'success', msg: 'connected' });
    socket.on('message', (bytes: Buffer) => {
      const asked = decode(bytes) as Readonly<Record<string, unknown>>;
      if (asked.action === 'auth') {
        const good = asked.key === stubKeys.keyId && asked.secret === stubKeys.secretKey;
        if (!good) return say({ T: 'error', code: 402, msg: 'auth failed' });
        sockets.set(socket, own);
        return say({ T: 'success', msg: 'authenticated' });
      }
      for (const channel of channels)
        for (const symbol of (asked[channel] as readonly string[] | undefined) ?? [])
          own.get(channel)?.add(symbol);
      say({
        T: 'subscription',
        ...Object.fromEntries([...own].map(([channel, symbols]) => [channel, [...symbols]])),
      });
    });
    socket.on('close', () => sockets.delete(socket));
  };
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  return {
    ...{ url: `http://127.0.0.1:${port}`, streamUrl: `ws://127.0.0.1:${port}`, requests },
    refuse: (...more) => void refusals.push(...more),
    send: (...events) => {
      for (const socket of sockets.keys()) socket.send(encode(events));
    },
    breakStream: (forGood = false) => {
      broken = forGood;
      for (const socket of listening.clients) socket.terminate();
    },
    mendStream: () => {
      broken = false;
    },
    subscribed: () =>
      Object.fromEntries(
        [...([...sockets.values()].at(-1) ?? [])].map(([name, symbols]) => [name, [...symbols]]),
      ),
    close: async () => {
      for (const socket of listening.clients) socket.terminate();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
};
