import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { Ensured } from './ensure-server.ts';

type Asked = { readonly method: string; readonly params?: unknown };

const greetings: ReadonlySet<string> = new Set(['initialize', 'server/discover', 'ping']);

/** What a client asks to learn whom it speaks to; of the account and the market it asks nothing. */
export const isGreeting = (message: Asked): boolean => greetings.has(message.method);

const versionFor = (params: unknown): string | undefined => {
  const { protocolVersion } = (params ?? {}) as { readonly protocolVersion?: unknown };
  return typeof protocolVersion === 'string' &&
    SUPPORTED_PROTOCOL_VERSIONS.includes(protocolVersion)
    ? protocolVersion
    : SUPPORTED_PROTOCOL_VERSIONS[0];
};

/**
 * The server's answer to a greeting, from before it is there: the very same but for the name of the market,
 * which is not known yet. The tools are looked up only now, since most sessions need no such answer.
 */
export const greet = async (
  { method, params }: Asked,
  toolsets: readonly string[] | undefined,
): Promise<Record<string, unknown>> => {
  if (method === 'ping') return {};
  const { introductionOf, surfaceOf } = await import('../mcp/index.ts');
  const surface = surfaceOf({ readOnly: false, toolsets });
  const { serverInfo, ...introduction } = introductionOf(surface, undefined);
  if (method === 'initialize')
    return { protocolVersion: versionFor(params), serverInfo, ...introduction };
  const meta = { 'io.modelcontextprotocol/serverInfo': serverInfo };
  const cached = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
  return { supportedVersions: ['2026-07-28'], ...introduction, ...cached, _meta: meta };
};

/** Looks for a server, and greets in its place while it starts. */
export const greeter = (
  ensure: (starting: () => void) => Promise<Ensured>,
  toolsets: readonly string[] | undefined,
) => {
  const seek = () => {
    const { promise, resolve } = Promise.withResolvers<'starting'>();
    return { starting: promise, found: ensure(() => resolve('starting')) };
  };
  let sought = seek();
  return {
    found: (): Promise<Ensured> => sought.found,
    /** The one that was found has gone. */
    seekAgain: (): Promise<Ensured> => {
      sought = seek();
      return sought.found;
    },
    /** Undefined where the server can answer by itself, or it is known why there is none. */
    greet: async (message: Asked): Promise<Record<string, unknown> | undefined> => {
      const first = await Promise.race([sought.found, sought.starting]);
      return first === 'starting' ? greet(message, toolsets) : undefined;
    },
  };
};
