import type { EventMetadata } from '@sentinel/contracts/kernel';

/** The id of the trace in which an event came about, 32 hexadecimal digits; undefined where it had none. */
export const traceIdOf = ({ traceparent }: EventMetadata): string | undefined =>
  traceparent?.split('-')[1];

/** Who asked by which tool, and in which trace where the request had one. */
export const askedBy = (metadata: EventMetadata): string => {
  const { principal, tool } = metadata;
  const traceId = traceIdOf(metadata);
  return `${principal} by ${tool}${traceId === undefined ? '' : ` (trace ${traceId})`}`;
};
