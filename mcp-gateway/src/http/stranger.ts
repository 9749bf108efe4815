import type { Request, Response } from 'express';
import { rpcError } from './answers.ts';

export type ChallengeOptions = {
  /** What a request without a good token is told; undefined where there are no tokens. */
  readonly challenge?: ((path: string, sentToken: boolean) => string) | undefined;
};

/** Refuses who is not known, and says where leave is got: an HTTP answer, never a tool's. */
export const refuseStranger = (
  request: Request,
  response: Response,
  { challenge }: ChallengeOptions,
): void => {
  const sentToken = request.headers.authorization !== undefined;
  response
    .set('WWW-Authenticate', challenge?.(request.path, sentToken) ?? 'Bearer')
    .set('Access-Control-Expose-Headers', 'WWW-Authenticate');
  rpcError(response, {
    status: 401,
    message:
      'Authentication is required: log in by OAuth where it is offered, or send a key as "Authorization: Bearer sk_sentinel_…". A human at the machine issues one by npm run keys.',
  });
};
