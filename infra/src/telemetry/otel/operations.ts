import {
  type Attributes,
  type Meter,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import type { Operation, Telemetry } from '../telemetry.ts';

/** Spans under way, by the traceparent that their events carry. */
export type LiveSpans = Map<string, Span>;

/** Seconds, as the conventions for MCP name them. */
const bucketsSeconds = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300];

/** Under which name every operation is measured. */
const durationName = 'mcp.server.operation.duration';

/** The trace in which what follows goes on; a new one where there is none. */
export const contextOf = (traceparent: string | undefined) => {
  const [, traceId, spanId, flags] = traceparent?.split('-') ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return ROOT_CONTEXT;
  const traceFlags = Number.parseInt(flags, 16);
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
};

const traceparentOf = (span: Span): string => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return `00-${traceId}-${spanId}-${traceFlags.toString(16).padStart(2, '0')}`;
};

/** What both the span and the measurement say: few values, so that none makes a series of its own. */
const commonOf = ({ method, tool, protocolVersion }: Operation): Attributes => ({
  'mcp.method.name': method,
  ...(tool !== undefined && { 'gen_ai.operation.name': 'execute_tool', 'gen_ai.tool.name': tool }),
  ...(protocolVersion !== undefined && { 'mcp.protocol.version': protocolVersion }),
});

/**
 * Begins operations: a span of the server's kind where traces are kept, and one measurement of the duration
 * in any case. A refusal is an error by its code and no exception: somebody was told why, and nothing broke.
 */
export const beginning = ({
  meter,
  tracer,
  live,
}: {
  readonly meter: Meter;
  readonly tracer: Tracer | undefined;
  readonly live: LiveSpans;
}): Telemetry['begin'] => {
  const duration = meter.createHistogram(durationName, {
    unit: 's',
    description: 'How long requests of the protocol took, as the server saw them.',
    advice: { explicitBucketBoundaries: bucketsSeconds },
  });
  return (operation) => {
    const { method, tool, requestId, traceparent: given } = operation;
    const common = commonOf(operation);
    const span = tracer?.startSpan(
      tool === undefined ? method : `${method} ${tool}`,
      {
        kind: SpanKind.SERVER,
        attributes: {
          ...common,
          ...(requestId !== undefined && { 'jsonrpc.request.id': requestId }),
        },
      },
      contextOf(given),
    );
    const traceparent = span === undefined ? given : traceparentOf(span);
    if (span !== undefined && traceparent !== undefined) live.set(traceparent, span);
    const beganMs = performance.now();
    return {
      traceparent,
      end: (errorType) => {
        const failed = errorType === undefined ? undefined : { 'error.type': errorType };
        duration.record((performance.now() - beganMs) / 1_000, { ...common, ...failed });
        if (span === undefined || traceparent === undefined) return;
        live.delete(traceparent);
        if (failed !== undefined)
          span.setAttributes(failed).setStatus({ code: SpanStatusCode.ERROR });
        span.end();
      },
    };
  };
};
