import type { ServerOptions } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { Socket } from 'node:net';
import type { KeptPair, Pair } from '@sentinel/infra/tls';
import type { Express } from 'express';

/** With what every message of a handshake begins, and no request of HTTP. */
const handshakeByte = 0x16;
const firstByteWithinMs = 10_000;

const contextOf = ({ cert, key }: Pair) => ({ cert, key, minVersion: 'TLSv1.2' as const });

/** Hands a connection on by what its first byte says, with nothing of it lost. */
const byFirstByte = (socket: Socket, on: (speaksTls: boolean) => void): void => {
  const drop = (): void => void socket.destroy();
  socket.on('error', drop);
  socket.setTimeout(firstByteWithinMs, drop);
  socket.once('data', (chunk: Buffer) => {
    socket.pause();
    socket.removeListener('timeout', drop).setTimeout(0);
    socket.unshift(chunk);
    on(chunk[0] === handshakeByte);
    process.nextTick(() => socket.resume());
  });
};

/**
 * Speaks HTTPS, and plain HTTP on the same port with who does not: the app sends them to HTTPS, and
 * serves commands on this machine, which have no name to check a certificate by. A new pair is taken for
 * connections to come; those that are open stay.
 */
export const secureServer = (
  app: Express,
  pair: Pick<KeptPair, 'current' | 'onChange'>,
  bounds: ServerOptions,
): Server => {
  const server = createServer(
    { ...bounds, ...contextOf(pair.current()), handshakeTimeout: firstByteWithinMs },
    app,
  );
  pair.onChange((next) => server.setSecureContext(contextOf(next)));
  const handshakes = server.listeners('connection');
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) =>
    byFirstByte(socket, (speaksTls) => {
      if (speaksTls) for (const begin of handshakes) Reflect.apply(begin, server, [socket]);
      else server.emit('secureConnection', socket);
    }),
  );
  return server;
};
