import { ProtocolError } from '@modelcontextprotocol/server';

/** How the SDK words what it reports of a request that it answered with a 4xx by itself. */
const refusals =
  /^(Rejected|Unsupported Media Type|Bad Request|Not Acceptable|Parse error|Invalid Request)/;

/**
 * Whether what the SDK reports is a client's mistake, which has had its answer. A log that took a stack
 * for each would be filled by whoever likes to.
 */
export const isClientFault = (error: Error): boolean =>
  error instanceof ProtocolError || refusals.test(error.message);
