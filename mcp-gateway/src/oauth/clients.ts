import { type ClientMetadata, errors } from 'oidc-provider';

/** To these a code is sent, exactly as they stand here. */
const claudeCallbacks = new Set([
  'https://claude.ai/api/mcp/auth_callback',
  'https://claude.com/api/mcp/auth_callback',
]);
/** A program on the human's own machine listens there, at a port that is free that time (RFC 8252). */
const loopback = new Set(['localhost', '127.0.0.1', '[::1]']);

const mostRedirects = 10;
const longestRedirect = 500;
const longestName = 100;

/** Whether a code may ever be sent to this address. */
export const mayRedirectTo = (text: string): boolean => {
  if (claudeCallbacks.has(text)) return true;
  const url = URL.parse(text);
  if (url === null || url.protocol !== 'http:' || !loopback.has(url.hostname)) return false;
  // What the parser would mend is not what was written.
  const plain = url.username === '' && url.password === '' && url.hash === '';
  return plain && (url.href === text || url.href === `${text}/`);
};

const printable = /^[\p{L}\p{M}\p{N}\p{P}\p{S} ]+$/u;

/** Refuses a client that Sentinel serves none of. @throws InvalidRedirectUri and InvalidClientMetadata */
export const proveClient = (metadata: ClientMetadata): void => {
  const { redirect_uris: redirects = [], client_name: name } = metadata;
  if (redirects.length === 0 || redirects.length > mostRedirects)
    throw new errors.InvalidRedirectUri(`redirect_uris must name 1 to ${mostRedirects} addresses`);
  if (!redirects.every((each) => each.length <= longestRedirect && mayRedirectTo(each)))
    throw new errors.InvalidRedirectUri(
      'redirect_uris must be the callbacks of Claude or http on a loopback address',
    );
  if (name !== undefined && (name.length > longestName || !printable.test(name)))
    throw new errors.InvalidClientMetadata(
      `client_name must be at most ${longestName} printable characters`,
    );
};

/** Hosts from which a client's description may be fetched. */
const describingHosts = new Set(['claude.ai', 'claude.com']);

/** Whether the description of this client may be fetched at all. */
export const mayFetch = (clientId: string, more: ReadonlySet<string> = new Set()): boolean => {
  const url = URL.parse(clientId);
  if (url === null || url.protocol !== 'https:' || url.port !== '') return false;
  return describingHosts.has(url.hostname) || more.has(url.hostname);
};
