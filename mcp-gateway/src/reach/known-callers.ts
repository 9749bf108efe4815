import type { Request, RequestHandler, Response } from 'express';
import { isLocal } from './is-local.ts';
import { isLocalName, isOwnOrigin, whyForeignHost } from './names.ts';
import type { Reach } from './reach.ts';

const forbid = (response: Response, message: string): void =>
  void response.status(403).json({ jsonrpc: '2.0', id: null, error: { code: -32_000, message } });

/** Whether a proxy of ours sent this: only then is believed what it says of the caller. */
const isThroughProxy = (request: Request): boolean => {
  const trusts: (address: string | undefined, hop: number) => boolean =
    request.app.get('trust proxy fn');
  return trusts(request.socket.remoteAddress, 0);
};

/** Each host that a request names: its own, and what a proxy of ours says it was before. */
const hostsOf = (request: Request): readonly (string | undefined)[] => {
  const forwarded = isThroughProxy(request) ? request.get('x-forwarded-host') : undefined;
  return [request.headers.host, ...(forwarded?.split(',').map((each) => each.trim()) ?? [])];
};

/**
 * Lets in who names a host of ours, and pages of ours. All that is named must be known: a page can write
 * X-Forwarded-Host, and where a proxy runs on this machine it would be believed.
 */
export const knownCallers =
  (reach: Reach): RequestHandler =>
  (request, response, next) => {
    const fromHere = isLocal(request.socket);
    const hosts = hostsOf(request);
    for (const host of hosts) {
      const why = whyForeignHost(reach, { host, fromHere });
      if (why !== undefined) return forbid(response, why);
    }
    const { origin } = request.headers;
    if (origin !== undefined && !isOwnOrigin(reach, { origin, host: hosts.at(-1) }))
      return forbid(response, 'A page of this origin may not ask here.');
    next();
  };

const yearSeconds = 31_536_000;
const forwarding = ['x-forwarded-for', 'x-forwarded-proto', 'x-forwarded-host', 'forwarded'];

/** Whether somebody on this machine asks this machine, with no proxy between. */
export const isAtTheMachine = (reach: Reach, request: Request): boolean =>
  isLocal(request.socket) &&
  isLocalName(reach, request.headers.host) &&
  forwarding.every((name) => request.headers[name] === undefined);

/**
 * Where clients are told an https address, nothing is served without it, but to commands on this machine.
 * A reader is sent there. What came with a body is not: it may have held a token that others have seen.
 */
export const httpsAlone = (reach: Reach): RequestHandler => {
  const { publicOrigin } = reach;
  if (publicOrigin === undefined || !publicOrigin.startsWith('https:'))
    return (_request, _response, next) => next();
  const isForMachines = isLocalName(reach, new URL(publicOrigin).host);
  return (request, response, next) => {
    if (request.secure) {
      // A browser keeps this for the name, and localhost is everybody's.
      if (!isForMachines) response.set('Strict-Transport-Security', `max-age=${yearSeconds}`);
      return next();
    }
    if (isAtTheMachine(reach, request)) return next();
    if (request.method === 'GET' || request.method === 'HEAD') {
      const path = request.originalUrl.startsWith('/') ? request.originalUrl : '/';
      return response.redirect(308, `${publicOrigin}${path}`);
    }
    forbid(
      response,
      `Only HTTPS is served here: use ${publicOrigin}. A proxy that serves it must be named in TRUSTED_PROXIES and send X-Forwarded-Proto. A token that was sent like this may have been seen: replace it.`,
    );
  };
};
