import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

export type TestProxy = {
  readonly port: number;
  /** Takes connections and bytes, and passes none on, in neither direction. */
  readonly hang: () => void;
  /** Passes all on again, what it held back first. */
  readonly flow: () => void;
  /** What is connected now passes nothing any more; what connects from here on does. */
  readonly strand: () => void;
  /** Holds every answer back for so long. */
  readonly slow: (ms: number) => void;
  readonly close: () => Promise<void>;
};

/** Stands before a server on this machine, and fails as networks do. */
export const startTestProxy = async (to: number): Promise<TestProxy> => {
  const sockets = new Set<Socket>();
  const held: (() => void)[] = [];
  let hangs = false;
  let delayMs = 0;
  const stranded = new WeakSet<Socket>();
  const pass = (from: Socket, send: () => void): void => {
    if (stranded.has(from)) return;
    if (hangs) held.push(send);
    else if (delayMs > 0) setTimeout(send, delayMs);
    else send();
  };
  const server = createServer((near) => {
    const far = connect(to, '127.0.0.1');
    for (const [from, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes) => pass(from, () => void other.write(bytes)));
      from.on('error', () => other.destroy());
      from.on('close', () => {
        sockets.delete(from);
        other.destroy();
      });
    }
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    hang: () => {
      hangs = true;
    },
    flow: () => {
      hangs = false;
      delayMs = 0;
      for (const send of held.splice(0)) send();
    },
    strand: () => {
      for (const socket of sockets) stranded.add(socket);
    },
    slow: (ms) => {
      delayMs = ms;
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
};
