import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { BlockList, isIPv6, type Socket } from 'node:net';
import { Server as TlsServer } from 'node:tls';

export type ConnectionBounds = {
  /** That are served at once. */
  readonly most: number;
  /** Of one address, unless many may stand behind it: others must find room beside it. */
  readonly mostOfOne: number;
  /** Whether an address is this machine, behind which many programs stand, and a proxy perhaps. */
  readonly isHere: (address: string) => boolean;
  /** Addresses and networks of proxies of ours, behind which everybody stands. */
  readonly proxies: readonly string[];
  /** How long whoever reads nothing of an answer keeps it waiting. */
  readonly unreadMs: number;
};

const loopback = new BlockList();
loopback.addSubnet('127.0.0.0', 8, 'ipv4');
loopback.addAddress('::1', 'ipv6');

/** Programs of this machine, and the proxy on it. */
export const isLoopback = (address: string): boolean =>
  loopback.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');

/** Whether an address is one of these, or in one of these networks, each with a length of 1 or more. */
const isAmong = (networks: readonly string[]): ((address: string) => boolean) => {
  const list = new BlockList();
  for (const network of networks) {
    const [address = '', bits] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (bits === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(bits), family);
  }
  return (address) => list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
};

export const usualBounds: ConnectionBounds = {
  ...{ most: 512, mostOfOne: 64, isHere: isLoopback, proxies: [], unreadMs: 30_000 },
};

/** That are being told so at once; any more are closed without a word. */
const mostRefusals = 256;
const lingerMs = 1_000;
const words = 'Too many connections are open. Try again in a few seconds.';
const body = JSON.stringify({ jsonrpc: '2.0', id: null, error: { code: -32_000, message: words } });
const refusal = [
  'HTTP/1.1 503 Service Unavailable',
  'Content-Type: application/json',
  `Content-Length: ${body.length}`,
  'Retry-After: 5',
  'Connection: close',
  '',
  body,
].join('\r\n');

/** Says why, and closes once that is read, or after a second. What the caller sends is not looked at. */
const refuse = (socket: Socket): void => {
  socket.on('error', () => socket.destroy());
  socket.setTimeout(lingerMs, () => socket.destroy());
  socket.resume();
  socket.end(refusal);
};

/** The network of an IPv6 address that one subscriber has, or the address. */
export const subscriberOf = (address: string): string =>
  isIPv6(address) && !address.startsWith('::ffff:')
    ? `${address.split('::')[0]?.split(':').slice(0, 4).join(':')}::/64`
    : address;

const counter = () => {
  const counts = new Map<string, number>();
  return {
    of: (name: string): number => counts.get(name) ?? 0,
    add: (name: string, by: 1 | -1): void => {
      const count = (counts.get(name) ?? 0) + by;
      if (count === 0) counts.delete(name);
      else counts.set(name, count);
    },
  };
};

/**
 * Lets go who reads nothing of what waits for them, and who rests too long between two calls. A socket times
 * out where nothing has moved; of one whose call is at work nothing need move.
 */
const dropUnread = (server: Server, unreadMs: number): void => {
  const atWork = new Map<Socket, number>();
  server.prependListener('request', ({ socket }: IncomingMessage, response: ServerResponse) => {
    atWork.set(socket, (atWork.get(socket) ?? 0) + 1);
    response.once('close', () => {
      const others = (atWork.get(socket) ?? 1) - 1;
      if (others > 0) atWork.set(socket, others);
      else atWork.delete(socket);
    });
  });
  server.setTimeout(unreadMs, (socket) => {
    if (socket.writableLength > 0 || !atWork.has(socket)) socket.destroy();
  });
};

/**
 * Serves so many connections at once and no more, of one address fewer; all others are told to come again.
 * Node's own bound closes without a word, which callers take for a broken server. Call it before it listens.
 */
export const boundConnections = (
  server: Server,
  { most, mostOfOne, isHere, proxies, unreadMs }: ConnectionBounds,
): void => {
  const open = new Set<Socket>();
  const ofOne = counter();
  const isProxy = isAmong(proxies);
  let refusing = 0;
  const serve = server.listeners('connection');
  server.removeAllListeners('connection');
  server.maxConnections = most + mostRefusals;

  const take = (socket: Socket, from: string): void => {
    open.add(socket);
    ofOne.add(from, 1);
    socket.once('close', () => {
      open.delete(socket);
      ofOne.add(from, -1);
    });
    for (const listener of serve) listener.call(server, socket);
  };
  server.on('connection', (socket: Socket) => {
    const { remoteAddress = '' } = socket;
    const from = subscriberOf(remoteAddress);
    const standsForMany = isHere(remoteAddress) || isProxy(remoteAddress);
    const room = open.size < most && (standsForMany || ofOne.of(from) < mostOfOne);
    if (room) return take(socket, from);
    // Over TLS a word would need a handshake first, which costs more than serving.
    if (server instanceof TlsServer || refusing >= mostRefusals) return void socket.destroy();
    refusing++;
    socket.once('close', () => refusing--);
    refuse(socket);
  });
  dropUnread(server, unreadMs);
};
