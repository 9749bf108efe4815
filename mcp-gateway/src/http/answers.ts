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
/** Between two of them. */
const apartMs = 8;
/** As long as it takes to tell all connections that may be open. */
const longestMs = 6_000;

/**
 * Says it after a while, and to one after another: clients that ask again as soon as they are refused would
 * else take up the time in which others are answered. Who has more requests waiting than connections can
 * hold is hung up on.
 */
export const tooManyTeller = (
  /** Of a clock that never goes back. */
  nowMs: () => number = () => performance.now(),
): ((response: Response, refusal: TooMany) => void) => {
  let lastAtMs = 0;
  return (response, { message, retryAfterSeconds }) => {
    const atMs = Math.max(nowMs() + refusedAfterMs, lastAtMs + apartMs);
    if (atMs - nowMs() > longestMs) return void response.destroy();
    lastAtMs = atMs;
    const timer = setTimeout(() => {
      response.setHeader('Retry-After', `${retryAfterSeconds}`);
      rpcError(response, {
        status: 429,
        message: `${message} Try again in ${retryAfterSeconds} seconds.`,
      });
    }, atMs - nowMs());
    response.once('close', () => clearTimeout(timer));
  };
};
