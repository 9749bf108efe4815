import {
  CLIENT_INFO_META_KEY,
  type Server,
  type ServerContext,
} from '@modelcontextprotocol/server';
import { metadataSchema } from '@sentinel/contracts/kernel';

/** What the headers of a web request say where the protocol hands on none. */
export type Heard = {
  readonly userAgent?: string | undefined;
  readonly traceparent?: string | undefined;
  readonly protocolVersion?: string | undefined;
};

/** What a caller says of itself: told and never proved, recorded as such. */
export type Said = {
  /** The calling program with its version, as it named itself. */
  readonly client: string;
  /** The model that it says it speaks for. */
  readonly model?: string | undefined;
  /** By which the trace of the request is found. */
  readonly traceparent?: string | undefined;
};

/** Where a client may name its model in the `_meta` of a request. */
export const modelKey = 'sentinel/model';

export const clean = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 100);

/** The calling program: by its own account, or by its user agent where the protocol has no place for one. */
const clientOf = ({ mcpReq, http }: ServerContext, server: Server, heard: Heard): string => {
  const named = (mcpReq.envelope as Record<string, unknown> | undefined)?.[CLIENT_INFO_META_KEY];
  const info = (named ?? server.getClientVersion()) as
    | { readonly name: string; readonly version: string }
    | undefined;
  if (info !== undefined) return clean(`${info.name}/${info.version}`);
  return clean(http?.req?.headers.get('user-agent') ?? heard.userAgent ?? 'unknown');
};

const { traceparent: traceSchema } = metadataSchema.shape;
/** Of the right form, and by the standard none all the same: they name no trace, no span, or no version. */
const namesNothing = /^ff|^..-0{32}|-0{16}-..$/;

const traceOf = (given: unknown): string | undefined => {
  const { data } = traceSchema.safeParse(given);
  return data === undefined || namesNothing.test(data) ? undefined : data;
};

export const saidOf = (context: ServerContext, server: Server, heard: Heard): Said => {
  const { mcpReq, http } = context;
  const meta: Readonly<Record<string, unknown>> = mcpReq._meta ?? {};
  const model = meta[modelKey];
  const told = meta.traceparent ?? http?.req?.headers.get('traceparent') ?? heard.traceparent;
  // One that is none leads nowhere: the call goes on without it.
  const traceparent = traceOf(told);
  return {
    client: clientOf(context, server, heard),
    ...(typeof model === 'string' && model !== '' && { model: clean(model) }),
    ...(traceparent !== undefined && { traceparent }),
  };
};
