import type { Response } from 'express';

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
