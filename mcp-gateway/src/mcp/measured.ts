import { ProtocolError, type ServerContext } from '@modelcontextprotocol/server';
import { noTelemetry } from '@sentinel/infra/telemetry';
import type { Serving } from './ask.ts';
import { operationOf } from './operation.ts';

/**
 * What serves a method, measured and traced under its name; an error counts by the protocol's code. Tools
 * are not served by this: they know which refusal it was.
 */
export const measured =
  <Asked, Answered>(
    method: string,
    serving: Pick<Serving, 'telemetry' | 'saidOf'>,
    serve: (request: Asked, context: ServerContext) => Promise<Answered>,
  ) =>
  async (request: Asked, context: ServerContext): Promise<Answered> => {
    const { telemetry: { begin } = noTelemetry } = serving;
    const { traceparent } = serving.saidOf(context);
    const { end } = begin(operationOf({ method, traceparent }, context, {}));
    try {
      const answered = await serve(request, context);
      end();
      return answered;
    } catch (error) {
      end(error instanceof ProtocolError ? `${error.code}` : '_OTHER');
      throw error;
    }
  };
