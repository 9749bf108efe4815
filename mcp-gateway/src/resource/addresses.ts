import { getOAuthProtectedResourceMetadataUrl } from '@modelcontextprotocol/express';

/** Doors of MCP that a client can be told to use, each a resource of its own. */
const doors = ['/mcp', '/mcp/readonly', '/sse'] as const;

export type Addresses = {
  /** Where humans and clients reach this server, without a path. */
  readonly base: URL;
  /** The resources for which tokens are given, as clients name them. */
  readonly resources: readonly string[];
  /** For which resources a token must have been given to open the door at `path`. */
  readonly accepted: (path: string) => readonly string[];
  /** Where the metadata of the door at `path` stands. */
  readonly metadataOf: (path: string) => string;
};

export const addressesAt = (base: URL): Addresses => {
  const at = (path: string) => new URL(path, base).href;
  const doorOf = (path: string): string =>
    path === '/messages' ? '/sse' : ([...doors].reverse().find((door) => path === door) ?? '/mcp');
  return {
    base,
    resources: doors.map(at),
    // What opens the whole also opens a part of it; never the other way about.
    accepted: (path) => [...new Set([at(doorOf(path)), at('/mcp')])],
    metadataOf: (path) => getOAuthProtectedResourceMetadataUrl(new URL(doorOf(path), base)),
  };
};
