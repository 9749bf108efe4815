import { isIPv6 } from 'node:net';
import { localhostAllowedHostnames, validateHostHeader } from '@modelcontextprotocol/server';
import type { Reach } from './reach.ts';

const wildcards = new Set(['0.0.0.0', '::', '[::]']);
/** A host and a port are of these alone; what stands beside a host in an address has no place here. */
const plainHost = /^[\w.[\]:-]+$/;
const inBrackets = (host: string): string => (isIPv6(host) ? `[${host}]` : host);

/** The names by which a caller on this machine may ask. */
const localNames = ({ host }: Reach): string[] => [
  ...localhostAllowedHostnames(),
  ...(wildcards.has(host) ? [] : [inBrackets(host)]),
];

/** The names by which anybody may ask. */
const publicNames = ({ publicOrigin, allowedHosts }: Reach): string[] => [
  ...(publicOrigin === undefined ? [] : [new URL(publicOrigin).hostname]),
  ...allowedHosts,
];

type Asked = { readonly host: string | undefined; readonly fromHere: boolean };

/**
 * What stands against the host that a request names; undefined when it is one of ours. A name of this
 * machine counts from this machine alone, and a foreign name never: a page whose name leads to us (DNS
 * rebinding) sends its own.
 */
export const whyForeignHost = (reach: Reach, { host, fromHere }: Asked): string | undefined => {
  const names = [...publicNames(reach), ...(fromHere ? localNames(reach) : [])];
  if (host !== undefined && !plainHost.test(host)) return 'The Host header is no host.';
  const found = validateHostHeader(host, names);
  return found.ok ? undefined : found.message;
};

/** Whether a request names this machine itself, not an address of others. */
export const isLocalName = (reach: Reach, host: string | undefined): boolean =>
  validateHostHeader(host, localNames(reach)).ok;

const urlOf = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);

/**
 * Whether a page of this origin may ask. Pages of this machine may ask by its own names; any other must
 * be ours, over HTTPS where we are. `null` is nobody's.
 */
export const isOwnOrigin = (reach: Reach, { origin, host }: OriginAsked): boolean => {
  const url = urlOf(origin);
  if (url === undefined) return false;
  if (url.origin === reach.publicOrigin) return true;
  if (url.protocol === 'https:' && reach.allowedHosts.includes(url.hostname)) return true;
  return isLocalName(reach, host) && localNames(reach).includes(url.hostname);
};

type OriginAsked = { readonly origin: string; readonly host: string | undefined };
