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
