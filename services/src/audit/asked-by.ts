import type { EventMetadata } from '@sentinel/contracts/kernel';

/** Who asked by which tool, and in which trace where the request had one. */
export const askedBy = ({ principal, tool, traceparent }: EventMetadata): string => {
  const trace = traceparent === undefined ? '' : ` (trace ${traceparent.split('-')[1]})`;
  return `${principal} by ${tool}${trace}`;
};
