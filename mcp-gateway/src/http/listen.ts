import { createServer, type Server, type ServerResponse } from 'node:http';
import { StartupError } from '@sentinel/infra/runtime';
import type { KeptPair } from '@sentinel/infra/tls';
import type { Express } from 'express';
import { portOwner } from '../running/index.ts';
import { boundConnections, type ConnectionBounds, usualBounds } from './bound-connections.ts';
import { secureServer } from './secure-server.ts';

/** Within which the headers of a request, and all of it, must have come. Looked at every second. */
const usualTimes = { headersMs: 10_000, requestMs: 60_000, lookMs: 1_000 };
const drainWithinMs = 5_000;
/** Bytes of all headers of a request; a bearer token takes two kilobytes at the most. */
const mostHeaderBytes = 16 * 1024;
/** Browsers and proxies together send about forty. Node refuses more with 431. */
const mostHeaders = 100;
/**
 * How long a connection may rest between two calls. Node's five seconds are about as long as an agent
 * thinks, and as a disk can hold everything up: a call that arrives just then is lost with its connection,
 * and nobody may repeat an order on a guess.
 */
const restsWithinMs = 65_000;

export type Listening = {
  /** The port that was asked for, or the free one that was found where 0 was. */
  readonly port: number;
  readonly close: () => Promise<void>;
};

const serverOf = (
  app: Express,
  { pair, times = usualTimes }: Pick<Parameters<typeof listen>[1], 'pair' | 'times'>,
): Server => {
  const timed = {
    headersTimeout: times.headersMs,
    requestTimeout: times.requestMs,
    connectionsCheckingInterval: times.lookMs,
    keepAliveTimeout: restsWithinMs,
    maxHeaderSize: mostHeaderBytes,
  };
  const server = pair === undefined ? createServer(timed, app) : secureServer(app, pair, timed);
  server.maxHeadersCount = mostHeaders;
  return server;
};

/** Listens, or says in one sentence why it cannot. */
export const listen = async (
  app: Express,
  at: {
    readonly host: string;
    readonly port: number;
    /** By which setting the port is chosen; PORT unless given. */
    readonly setting?: 'METRICS_PORT';
    /** With it HTTPS is spoken, and plain HTTP to who does not, so that they can be told. */
    readonly pair?: Pick<KeptPair, 'current' | 'onChange'> | undefined;
    readonly bounds?: Partial<ConnectionBounds>;
    readonly times?: typeof usualTimes;
  },
): Promise<Listening> => {
  const server = serverOf(app, at);
  boundConnections(server, { ...usualBounds, ...at.bounds });
  const underWay = new Set<ServerResponse>();
  let stopping = false;
  server.prependListener('request', (_request, response) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
    response.shouldKeepAlive &&= !stopping;
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(at.port, at.host, resolve);
  }).catch(async (error: NodeJS.ErrnoException) => {
    throw await explain(error, at);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : at.port,
    close: () => {
      stopping = true;
      // A client that keeps its connection busy is told to leave with the answer that it waits for.
      for (const response of underWay) response.shouldKeepAlive = false;
      return drain(server);
    },
  };
};

const explain = async (
  error: NodeJS.ErrnoException,
  {
    host,
    port,
    setting = 'PORT',
  }: { readonly host: string; readonly port: number; readonly setting?: string },
): Promise<Error> => {
  if (error.code === 'EADDRINUSE') {
    const owner = await portOwner(port);
    const by =
      owner === undefined
        ? 'by a program that this account cannot see'
        : `by process ${owner.pid} (${owner.command})`;
    return new StartupError(
      `Port ${port} on ${host} is taken ${by}: stop that program or choose another port with ${setting}=….`,
      { code: 'port-taken', cause: error },
    );
  }
  if (error.code === 'EACCES') {
    return new StartupError(
      `This account may not listen on port ${port}: choose one above 1023 with ${setting}=….`,
      { code: 'port-taken', cause: error },
    );
  }
  return error;
};

/** Lets what is under way finish, within bounds, and takes nothing new. */
const drain = async (server: Server): Promise<void> => {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  server.closeIdleConnections();
  const timer = setTimeout(() => server.closeAllConnections(), drainWithinMs);
  await closed;
  clearTimeout(timer);
};
