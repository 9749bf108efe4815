import type { ComponentHealth } from '@sentinel/contracts/system';
import type { RequestHandler } from 'express';
import type { Authenticate } from '../auth/index.ts';
import { isAtTheMachine, type Reach } from '../reach/index.ts';
import type { Sentinel } from '../sentinel.ts';
import { version } from '../version.ts';

const starting: ComponentHealth = {
  component: 'sentinel',
  state: 'starting',
  detail: 'not ready yet',
};

/**
 * Tells everybody whether this process is ready, by its status as well, which is enough to send calls
 * elsewhere. What it is made of, and how each part is, is for this machine and for who is let in.
 */
export const health =
  ({
    sentinel,
    instance,
    https,
    authenticate,
    reach,
  }: {
    readonly sentinel: () => Sentinel | undefined;
    readonly instance: string;
    readonly https?: (() => ComponentHealth) | undefined;
    readonly authenticate: Authenticate;
    readonly reach: Reach;
  }): RequestHandler =>
  async (request, response) => {
    const mayKnow =
      isAtTheMachine(reach, request) || (await authenticate(request)) !== 'unauthenticated';
    const house = (await sentinel()?.components()) ?? [starting];
    const components = https === undefined ? house : [...house, https()];
    const ready = components.every(({ state }) => state === 'ready');
    response.status(ready ? 200 : 503).json({
      state: ready ? 'ready' : 'not ready',
      ...(mayKnow && { version, instance, components }),
    });
  };
