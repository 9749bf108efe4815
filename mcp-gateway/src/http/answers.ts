import type { Response } from 'express';
import type { TooMany } from '../throttle/index.ts';

const invalidRequest = -32600;

export type HttpRefusal = {
  readonly status: number;
  readonly message: string;
  readonly code?: number;
};

/** An HTTP refusal in the shape that every MCP client can read. */
export const rpcError = (
  response: Response,
  { status, message, code = invalidRequest }: HttpRefusal,
): void => {
  response.status(status).json({ jsonrpc: '2.0', id: null, error: { code, message } });
};

/** Seconds after which it is worth while to ask again. */
const againAfterSeconds = 5;

export const notNow = (response: Response, message: string): void => {
  response.setHeader('Retry-After', `${againAfterSeconds}`);
  rpcError(response, { status: 503, message });
};

/** Well below what it says of when to come again. */
const refusedAfterMs = 250;

/**
 * Says it after a while: a client that asks again as soon as it is refused would else take up the time in
 * which others are answered.
 */
export const tooMany = (response: Response, { message, retryAfterSeconds }: TooMany): void => {
  const timer = setTimeout(() => {
    response.setHeader('Retry-After', `${retryAfterSeconds}`);
    rpcError(response, {
      status: 429,
      message: `${message} Try again in ${retryAfterSeconds} seconds.`,
    });
  }, refusedAfterMs);
  response.once('close', () => clearTimeout(timer));
};
