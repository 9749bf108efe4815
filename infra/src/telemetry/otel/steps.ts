import { SpanKind, SpanStatusCode, type Tracer } from '@opentelemetry/api';
import type { Telemetry } from '../telemetry.ts';
import { contextOf } from './operations.ts';

/**
 * Steps of workflows as spans in the trace of whoever asked for what led to them. A step that the clock or an
 * event without a trace called for begins none: there are many, and they lead to nobody.
 */
export const watchingSteps =
  (tracer: Tracer | undefined): Telemetry['beginStep'] =>
  ({ workflow, cause }) => {
    const { traceparent } = cause.metadata;
    if (tracer === undefined || traceparent === undefined) return () => undefined;
    const span = tracer.startSpan(
      `workflow ${workflow}`,
      {
        kind: SpanKind.INTERNAL,
        attributes: {
          ...{ 'sentinel.workflow': workflow, 'sentinel.cause.type': cause.type },
          ...{ 'sentinel.cause.id': cause.id, 'sentinel.log.position': `${cause.logPosition}` },
        },
      },
      contextOf(traceparent),
    );
    return (error) => {
      if (error !== undefined)
        span
          .setAttribute('error.type', error instanceof Error ? error.name : '_OTHER')
          .setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    };
  };
