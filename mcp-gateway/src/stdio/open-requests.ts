import type { JSONRPCMessage, RequestId } from '@modelcontextprotocol/client';

/** Requests that may wait for an answer at once. */
const mostRequests = 100;

/** Requests that wait for their answer, each of which may be taken back. */
export const openRequests = (answer: (message: JSONRPCMessage) => void) => {
  const waiting = new Map<RequestId, { readonly abort: () => void; readonly done: () => void }>();
  const settle = (id: RequestId, message: JSONRPCMessage | undefined): void => {
    const entry = waiting.get(id);
    if (entry === undefined) return;
    waiting.delete(id);
    if (message !== undefined) answer(message);
    entry.done();
  };
  return {
    settle,
    isFull: () => waiting.size >= mostRequests,
    has: (id: RequestId) => waiting.has(id),
    wait: (id: RequestId, abort: () => void) =>
      new Promise<void>((done) => {
        waiting.set(id, { abort, done });
      }),
    /** Over HTTP a request is cancelled by hanging up; the client expects no answer then. */
    cancel: (params: unknown): void => {
      const { requestId } = (params ?? {}) as { readonly requestId?: RequestId };
      if (requestId === undefined) return;
      waiting.get(requestId)?.abort();
      settle(requestId, undefined);
    },
  };
};
