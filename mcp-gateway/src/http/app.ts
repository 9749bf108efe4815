import { AccessStoreUnavailable } from '@sentinel/contracts/access';
import { EventStoreUnavailable } from '@sentinel/contracts/kernel';
import type { ComponentHealth } from '@sentinel/contracts/system';
import { systemClock } from '@sentinel/infra/runtime';
import express, { type ErrorRequestHandler, type Express, type Router } from 'express';
import { NotKnownNow, StillStarting } from '../auth/index.ts';
import { deskRoutes } from '../desk/index.ts';
import { eitherOf, type Humans, operatorSessions } from '../log-in/index.ts';
import { sheet } from '../page/index.ts';
import { httpsAlone, knownCallers, loopbackOnly, type Reach } from '../reach/index.ts';
import { BatchTooLong, NotCounted, TooMany } from '../throttle/index.ts';
import { notNow, rpcError, tooManyTeller } from './answers.ts';
import { type ApprovalOptions, approvalRoutes } from './approval-routes.ts';
import { largestBodyBytes } from './body.ts';
import { health } from './health.ts';
import { type KeyRouteOptions, keyRoutes } from './key-routes.ts';
import { limitsRoutes } from './limits-routes.ts';
import { type McpOptions, mcpRoute } from './mcp-routes.ts';
import { rebuildRoute } from './rebuild-route.ts';
import { securityHeaders } from './secure-headers.ts';
import { type SetUpLinkOptions, setUpLinkRoute } from './set-up-link-route.ts';
import { sseRoutes } from './sse-routes.ts';

export type AppOptions = McpOptions &
  Omit<ApprovalOptions, 'visitors' | 'origin'> &
  KeyRouteOptions &
  SetUpLinkOptions & {
    /** Where people log in; without it the desk knows the operator's key alone. */
    readonly humans?: Humans | undefined;
    /** Tells this run of the program from every other. */
    readonly instance: string;
    /** Pages and endpoints by which others log in; before whatever reads a body. */
    readonly wayIn?: ((router: Router) => void) | undefined;
    /** Whether this process is a gateway; any other tells of its health alone. */
    readonly isGateway?: boolean;
    /** By which names and ways it is asked; this machine alone unless given. */
    readonly reach?: Reach;
    /** How its certificate is, where it serves HTTPS by itself. */
    readonly https?: (() => ComponentHealth) | undefined;
  };

const isClientError = (error: unknown): error is { readonly status: number } =>
  typeof error === 'object' &&
  error !== null &&
  'status' in error &&
  typeof error.status === 'number' &&
  error.status < 500;

type Doors = { readonly elsewhere: string; readonly close: () => Promise<void> };

const closedDoors: Doors = {
  elsewhere:
    'This process is no gateway: its SENTINEL_ROLES leave that to others. Its health is at /health.',
  close: async () => undefined,
};

const openDoors = (app: Express, options: AppOptions): Doors => {
  sheet.serve(app);
  app.all('/mcp', mcpRoute(options, { readOnly: false }));
  app.all('/mcp/readonly', mcpRoute(options, { readOnly: true }));
  const { close } = sseRoutes(app, options);
  const { operatorKey, humans } = options;
  const operator = operatorSessions({ operatorKey, now: systemClock });
  const desk = {
    ...{ ...options, operator, now: systemClock },
    visitors: humans === undefined ? operator : eitherOf(humans.sessions, operator),
    origin: humans?.origin,
  };
  approvalRoutes(app, desk);
  deskRoutes(app, desk);
  limitsRoutes(app, options);
  keyRoutes(app, options);
  setUpLinkRoute(app, options);
  rebuildRoute(app, options);
  return { elsewhere: 'Nothing is here. MCP is at /mcp.', close };
};

/** All that listens on the port. */
export const httpApp = (
  options: AppOptions,
): { readonly app: Express; readonly close: () => Promise<void> } => {
  const app = express();
  app.disable('x-powered-by');
  const { reach = loopbackOnly } = options;
  const tooMany = tooManyTeller();
  app.set('trust proxy', reach.trustedProxies.length > 0 ? reach.trustedProxies : false);
  app.use(securityHeaders, knownCallers(reach), httpsAlone(reach));
  if (options.isGateway !== false) options.wayIn?.(app);
  app.use(
    express.text({ type: ['application/json', 'application/*+json'], limit: largestBodyBytes }),
  );
  app.get('/health', health({ ...options, reach }));
  const doors = options.isGateway === false ? closedDoors : openDoors(app, options);
  app.use((_request, response) => rpcError(response, { status: 404, message: doors.elsewhere }));
  // biome-ignore lint/complexity/useMaxParams: express knows an error handler by its four parameters.
  const failed: ErrorRequestHandler = (error, _request, response, _next) => {
    if (response.headersSent) return void response.destroy();
    if (isClientError(error)) {
      const message =
        error.status === 413
          ? `The body is larger than ${largestBodyBytes} bytes.`
          : 'The request cannot be read.';
      return rpcError(response, { status: error.status, message });
    }
    if (error instanceof StillStarting || error instanceof NotCounted)
      return notNow(response, error.message);
    if (error instanceof TooMany) return tooMany(response, error);
    if (error instanceof BatchTooLong)
      return rpcError(response, { status: 413, message: error.message });
    options.onError(error);
    if (
      error instanceof EventStoreUnavailable ||
      error instanceof AccessStoreUnavailable ||
      error instanceof NotKnownNow
    )
      return notNow(response, 'It cannot be learnt just now who asks and what they may do.');
    return rpcError(response, {
      status: 500,
      message: 'Something went wrong inside Sentinel.',
      code: -32603,
    });
  };
  app.use(failed);
  return { app, close: doors.close };
};
