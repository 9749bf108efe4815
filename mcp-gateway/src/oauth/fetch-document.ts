import { lookup } from 'node:dns/promises';
import { request } from 'node:https';
import { BlockList, isIP } from 'node:net';

const withinMs = 5_000;
const largestBytes = 16_384;

const special = new BlockList();
for (const [network, bits] of [
  ...[
    ['0.0.0.0', 8],
    ['10.0.0.0', 8],
    ['100.64.0.0', 10],
    ['127.0.0.0', 8],
    ['169.254.0.0', 16],
  ],
  ...[
    ['172.16.0.0', 12],
    ['192.0.0.0', 24],
    ['192.0.2.0', 24],
    ['192.88.99.0', 24],
  ],
  ...[
    ['192.168.0.0', 16],
    ['198.18.0.0', 15],
    ['198.51.100.0', 24],
    ['203.0.113.0', 24],
  ],
  ...[
    ['224.0.0.0', 4],
    ['240.0.0.0', 4],
  ],
] as const)
  special.addSubnet(`${network}`, Number(bits), 'ipv4');
/** Of IPv6 only what is given to hosts of the public net; tunnels and embedded IPv4 are none of it. */
const publicV6 = new BlockList();
publicV6.addSubnet('2000::', 3, 'ipv6');
for (const [network, bits] of [
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['3fff::', 20],
] as const)
  special.addSubnet(network, bits, 'ipv6');

/** Whether an address is one that anybody on the public net has. */
export const isPublic = (address: string): boolean => {
  const family = isIP(address);
  if (family === 4) return !special.check(address, 'ipv4');
  if (family === 6) return publicV6.check(address, 'ipv6') && !special.check(address, 'ipv6');
  return false;
};

export type Resolve = (
  host: string,
) => Promise<readonly { readonly address: string; readonly family: number }[]>;

const resolveAll: Resolve = (host) => lookup(host, { all: true });

/** The one address to speak to. All that the name stands for must be public: none is tried by chance. */
export const publicAddressOf = async (host: string, resolve: Resolve = resolveAll) => {
  const found = isIP(host) === 0 ? await resolve(host) : [{ address: host, family: isIP(host) }];
  const [first] = found;
  if (first === undefined || !found.every(({ address }) => isPublic(address)))
    throw new Error(`${host} is not on the public net`);
  return first;
};

/**
 * Fetches a small document over HTTPS from the public net. It follows no redirect, gives up after 5 s or
 * 16 KiB, and speaks to the very address that was proved, so that a name that changes meanwhile leads nowhere.
 */
export const fetchDocument = async (
  input: string | URL | Request,
  resolve?: Resolve,
): Promise<Response> => {
  const url = new URL(input instanceof Request ? input.url : input);
  if (url.protocol !== 'https:') throw new Error('only https is fetched');
  const proved = await publicAddressOf(url.hostname.replace(/^\[|\]$/g, ''), resolve);
  return new Promise((done, fail) => {
    const asked = request(
      url,
      {
        signal: AbortSignal.timeout(withinMs),
        headers: { accept: 'application/json' },
        agent: false,
        lookup: (_host, { all }, callback) =>
          all === true
            ? callback(null, [{ ...proved }])
            : callback(null, proved.address, proved.family),
      },
      (answer) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        answer.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > largestBytes) asked.destroy(new Error(`${url.host} answers too much`));
          else chunks.push(chunk);
        });
        answer.on('error', fail);
        answer.on('end', () => {
          const status = answer.statusCode ?? 500;
          if (status !== 200) return fail(new Error(`${url.host} answers ${status}`));
          const type = answer.headers['content-type'] ?? '';
          done(new Response(Buffer.concat(chunks), { status, headers: { 'content-type': type } }));
        });
      },
    );
    asked.on('error', fail);
    asked.end();
  });
};
