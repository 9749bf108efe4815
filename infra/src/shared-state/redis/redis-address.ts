import { readFileSync } from 'node:fs';
import { reasonOf, StartupError } from '../../runtime/index.ts';

export type RedisAddress = {
  /** Host and port, for people. */
  readonly shown: string;
  readonly connection: {
    readonly host: string;
    readonly port: number;
    readonly db: number;
    readonly username?: string;
    readonly password?: string;
    readonly tls?: { readonly servername?: string; readonly ca?: string };
  };
};

const form =
  /^(rediss?):\/\/(?:([^:/?@]*)(?::(.*))?@)?(\[[0-9a-fA-F:.]+\]|[^:/?@[\]]+)(?::(\d{1,5}))?(?:\/(\d{1,4})?)?(?:\?(.*))?$/s;

/**
 * Reads REDIS_URL: `redis://user:password@host:6379/0`, `rediss://` for TLS, with `tlsCAFile` for an
 * authority of one's own. What is wrong is told without the address, where the password stands.
 * @throws StartupError
 */
export const readRedisAddress = (url: string): RedisAddress => {
  const parts = form.exec(url.trim());
  if (parts === null)
    throw refused('must look like redis://host:6379 or rediss://:password@host:6379/0');
  const [, scheme, username, password, named = '', port = '6379', db = '0', query = ''] = parts;
  if (username !== undefined && password === undefined)
    throw refused(
      'names a user without a password: write redis://:password@host for a password alone',
    );
  const host = named.replace(/^\[|\]$/g, '');
  const ca = authorityOf(query);
  if (ca !== undefined && scheme === 'redis')
    throw refused('names an authority for TLS, which needs rediss://');
  return {
    shown: `${named}:${port}`,
    connection: {
      ...{ host, port: Number(port), db: Number(db) },
      ...(username !== undefined && username !== '' && { username: decoded(username) }),
      ...(password !== undefined && { password: decoded(password) }),
      ...(scheme === 'rediss' && {
        tls: { ...(ca !== undefined && { ca }), ...(isName(host) && { servername: host }) },
      }),
    },
  };
};

/** Only names are told to a server that has several certificates. */
const isName = (host: string): boolean => !/^[\d.]+$|:/.test(host);

const authorityOf = (query: string): string | undefined => {
  if (query === '') return undefined;
  const [name, file, ...more] = query.split('=');
  if (name !== 'tlsCAFile' || file === undefined || file === '' || more.length > 0)
    throw refused('has an option that is not tlsCAFile=<file>');
  try {
    return readFileSync(decoded(file), 'utf8');
  } catch (error) {
    if (error instanceof StartupError) throw error;
    throw refused(`names a tlsCAFile that cannot be read (${reasonOf(error).split(',')[0]})`);
  }
};

/** No cause goes on: it would name the text, which may be the password. */
const decodedOrNone = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const decoded = (text: string): string => {
  const value = decodedOrNone(text);
  if (value === undefined) throw refused('has a % that encodes nothing');
  return value;
};

const refused = (what: string): StartupError =>
  new StartupError(`REDIS_URL ${what}.`, { code: 'redis-unusable' });
