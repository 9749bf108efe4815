import dns from 'node:dns';
import { syncBuiltinESMExports } from 'node:module';
import { Socket } from 'node:net';

// Put into the program before it runs: the site that describes Claude is found on this machine, at the port
// that the address names, and nothing else of how it is asked for changes. What answers there must prove by
// its certificate that it is that site.

const site = 'claude.ai';
/** One that anybody on the public net could have: no other is spoken to. */
const publicAddress = '93.184.215.14';
const port = Number(new URL(import.meta.url).searchParams.get('port'));

const { lookup } = dns.promises;
const lookUp = async (host: string, options: object) =>
  host === site ? [{ address: publicAddress, family: 4 }] : lookup(host, options);
Object.assign(dns.promises, { lookup: lookUp });
syncBuiltinESMExports();

const { connect } = Socket.prototype;
Socket.prototype.connect = function (this: Socket, ...args: unknown[]) {
  const [first] = args.flat() as { host?: string; port?: number; lookup?: unknown }[];
  if (typeof first === 'object' && first.host === site)
    Object.assign(first, { host: '127.0.0.1', port, lookup: undefined });
  return Reflect.apply(connect, this, args);
};
