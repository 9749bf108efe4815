import { isIP } from 'node:net';
import { StartupError } from '../../runtime/index.ts';

export type ConnectionAddress = {
  /** True: the one host is a name that stands for the whole cluster. */
  readonly discover: boolean;
  readonly hosts: readonly { readonly address: string; readonly port: number }[];
  readonly credentials?: { readonly username: string; readonly password: string };
  readonly options: Readonly<Record<string, string>>;
};

const known = [
  'tls',
  'tlsCAFile',
  'userCertFile',
  'userKeyFile',
  'connectionName',
  'discoveryInterval',
  'gossipTimeout',
  'maxDiscoverAttempts',
  'keepAliveInterval',
  'keepAliveTimeout',
  'nodePreference',
] as const;
const byFlatName = new Map(known.map((name) => [name.toLowerCase(), name]));

/**
 * Reads EVENTSTORE_URL: `esdb://user:password@host:2113,host2:2113?tls=true`, also as `kurrentdb://` and
 * with `+discover`. The client library reads it too, but prints it, password and all, where it does
 * not like an option. What is wrong is told here without the address.
 * @throws StartupError
 */
export const readConnectionAddress = (url: string): ConnectionAddress => {
  const parts =
    /^(?:esdb|kurrentdb|kdb)(\+discover)?:\/\/(?:([^:/?]*):(.*)@)?([^/?@]+)\/?(?:\?(.*))?$/s.exec(
      url.trim(),
    );
  if (parts === null)
    throw refused('must look like esdb://host:2113 or kurrentdb://user:password@host:2113');
  const [, discover, username, password, hosts = '', query = ''] = parts;
  const options = readOptions(query);
  const read = hosts.split(',').map(readHost);
  const inDigits = read.find(({ address }) => isIP(address) !== 0);
  if (options.tls !== 'false' && inDigits !== undefined)
    throw refused(`names ${inDigits.address} in digits. ${namesOnly}`);
  return {
    discover: discover !== undefined,
    hosts: read,
    options,
    ...(username !== undefined &&
      password !== undefined && {
        credentials: { username: decoded(username), password: decoded(password) },
      }),
  };
};

/** What to do about an address in digits, whoever gave it. */
export const namesOnly =
  'With TLS a server is asked for by a name that its certificate holds: write that name (an entry in the hosts file will do), or tls=false for a server without TLS';

const readHost = (text: string) => {
  const [address = '', port = '2113', ...more] = text.trim().split(':');
  if (address === '' || more.length > 0 || !/^\d{1,5}$/.test(port))
    throw refused('has a host that is not host:port');
  return { address, port: Number(port) };
};

const readOptions = (query: string): Readonly<Record<string, string>> => {
  const options: Record<string, string> = {};
  for (const pair of query.split('&').filter((text) => text !== '')) {
    const [name = '', value = ''] = pair.split('=');
    const option = byFlatName.get(name.toLowerCase().replaceAll(/[_-]/g, ''));
    if (option === undefined) throw refused(`has an option that is not one of ${known.join(', ')}`);
    options[option] = decoded(value);
  }
  const { tls } = options;
  if (tls !== undefined && tls !== 'true' && tls !== 'false')
    throw refused('must say tls=true or tls=false');
  return options;
};

const decoded = (text: string): string => {
  const value = decodedOrNone(text);
  if (value === undefined) throw refused('has a % that encodes nothing');
  return value;
};

/** No cause goes on: it would name the text, which may be the password. */
const decodedOrNone = (text: string): string | undefined => {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
};

const refused = (what: string): StartupError =>
  new StartupError(`EVENTSTORE_URL ${what}.`, { code: 'event-store-unusable' });
