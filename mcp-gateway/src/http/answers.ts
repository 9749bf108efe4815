import type { Response } from 'express';

const invalidRequest = -32600;

/** An HTTP refusal in the shape that every MCP client can read. */
export const rpcError = (response: Response, status: number, message: string, code = invalidRequest): void => {
  response.status(status).json({ jsonrpc: '2.0', id: null, error: { code, message } });
};
