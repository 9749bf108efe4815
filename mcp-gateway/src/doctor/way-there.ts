import { BlockList, isIPv6 } from 'node:net';
import { connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { bad, type Finding, good, warning } from './finding.ts';
import { answersWithinMs, ask, bareHost, portOf, type World } from './world.ts';

const notPublic = new BlockList();
for (const [network, bits] of [
  ['10.0.0.0', 8],
  ['172.16.0.0', 12],
  ['192.168.0.0', 16],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['0.0.0.0', 8],
] as const)
  notPublic.addSubnet(network, bits, 'ipv4');
notPublic.addSubnet('fc00::', 7, 'ipv6');
notPublic.addSubnet('fe80::', 10, 'ipv6');
notPublic.addAddress('::1', 'ipv6');
notPublic.addAddress('::', 'ipv6');

const checkName = (url: URL, addresses: readonly string[]): Finding => {
  const check = 'name';
  if (addresses.length === 0)
    return bad({
      ...{ check, says: `${url.hostname} has no address.` },
      mend: 'Make an A or AAAA record for it, or correct the name.',
    });
  const hidden = addresses.filter((each) => notPublic.check(each, isIPv6(each) ? 'ipv6' : 'ipv4'));
  if (hidden.length > 0)
    return bad({
      ...{
        check,
        says: `${url.hostname} leads to ${hidden.join(', ')}, which only this network reaches.`,
      },
      mend: 'Claude connects from its own servers: let the name lead to a public address, or use a tunnel.',
    });
  return good(check, `${url.hostname} leads to ${addresses.join(', ')}.`);
};

const checkPort = (url: URL): Finding =>
  portOf(url) === 443
    ? good('port', '443')
    : bad({
        ...{ check: 'port', says: `The address names port ${portOf(url)}.` },
        mend: 'Claude connects to 443: serve it there, by a proxy, a tunnel, or PORT=443.',
      });

/** What a verification says, in words, and what mends it. */
const faults: Readonly<Record<string, readonly [string, string]>> = {
  CERT_HAS_EXPIRED: ['A certificate of the chain has ended.', 'Renew it.'],
  CERT_NOT_YET_VALID: [
    'The certificate is not in force yet.',
    'Set the clock of this machine or of the one that asked for it.',
  ],
  ERR_TLS_CERT_ALTNAME_INVALID: ['The certificate is for another host.', 'Get one for this name.'],
  DEPTH_ZERO_SELF_SIGNED_CERT: [
    'The certificate is signed by itself.',
    "Get one of a public authority, such as Let's Encrypt.",
  ],
  SELF_SIGNED_CERT_IN_CHAIN: [
    'The chain ends at a root that nobody knows.',
    'Get one of a public authority, or name yours by NODE_EXTRA_CA_CERTS to go on here.',
  ],
};
const incomplete = [
  'The chain does not reach a root that this machine knows.',
  'Serve all certificates between, as fullchain.pem has them. An authority of your own is named by NODE_EXTRA_CA_CERTS.',
] as const;

type Shaken =
  | { readonly problem: string; readonly code: string | undefined }
  | {
      readonly fault: string | undefined;
      readonly until: Temporal.Instant;
      readonly protocol: string;
    };

const shake = (world: World, url: URL, roots: readonly string[]): Promise<Shaken> =>
  new Promise((resolve) => {
    const options = { ...world.dial(url), servername: bareHost(url), ca: [...roots] };
    const socket: TLSSocket = connect({ ...options, rejectUnauthorized: false }, () => {
      const { valid_to }: PeerCertificate = socket.getPeerCertificate();
      const { authorizationError: error } = socket;
      const fault = (error as { readonly code?: string } | null)?.code ?? (error || undefined);
      const until = Temporal.Instant.from(validTo(valid_to));
      resolve({ fault: fault?.toString(), until, protocol: socket.getProtocol() ?? 'unknown' });
      socket.destroy();
    });
    socket.setTimeout(answersWithinMs, () => socket.destroy(new Error('no answer in time')));
    socket.once('error', ({ message, code }: NodeJS.ErrnoException) =>
      resolve({ problem: message, code }),
    );
  });

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

/** `Nov  7 08:09:10 2027 GMT`, as certificates are told of, in ISO 8601. */
const validTo = (text: string): string => {
  const [month = '', day = '', time = '', year = ''] = text.split(/\s+/);
  const number = `${months.indexOf(month) + 1}`.padStart(2, '0');
  return `${year}-${number}-${day.padStart(2, '0')}T${time}Z`;
};

const tlsCheck = 'TLS';
const soonDays = 14;
const hoursPerDay = 24;

type Tls = { readonly finding: Finding; readonly isOpen: boolean };

const closedTls = (shaken: Exclude<Shaken, { readonly until: unknown }>, url: URL): Finding =>
  bad({
    ...{ check: tlsCheck, says: `No TLS at ${url.host}: ${shaken.problem}.` },
    mend: /^(ERR_SSL|EPROTO)/.test(shaken.code ?? '')
      ? 'What listens there does not speak HTTPS: set TLS_CERT_FILE and TLS_KEY_FILE, or ask the proxy.'
      : 'Let something listen there that is reached from elsewhere: see firewall, forwarding and proxy.',
  });

const checkTls = async (world: World, url: URL): Promise<Tls> => {
  const check = tlsCheck;
  const shaken = await shake(world, url, world.roots);
  if ('problem' in shaken) return { finding: closedTls(shaken, url), isOpen: false };
  const { fault, until, protocol } = shaken;
  if (fault !== undefined) {
    const [says, mend] = faults[fault] ?? (/^UNABLE_TO/.test(fault) ? incomplete : [fault]);
    return { finding: bad({ check, says, mend }), isOpen: false };
  }
  const days = Math.floor(until.since(world.now()).total('hours') / hoursPerDay);
  const forOthers = await shake(world, url, world.publicRoots);
  if ('fault' in forOthers && forOthers.fault !== undefined) {
    const says = 'The certificate is trusted on this machine alone.';
    const mend = "Claude knows public authorities: get one of such, as Let's Encrypt is.";
    return { finding: bad({ check, says, mend }), isOpen: true };
  }
  const finding =
    days < soonDays
      ? warning({ check, says: `The certificate ends in ${days} day(s).`, mend: 'Renew it.' })
      : good(check, `${protocol}; the chain is complete and in force for ${days} days.`);
  return { finding, isOpen: true };
};

/** Who types the name without https:// has to get there, and no token may pass openly. */
const checkPlain = async (world: World, url: URL): Promise<Finding> => {
  const check = 'HTTP to HTTPS';
  const answer = await ask(world, new URL(`http://${url.hostname}/`));
  if ('problem' in answer) return good(check, 'HTTP is closed.');
  const to = answer.headers.location ?? '';
  if ([301, 302, 307, 308].includes(answer.status) && to.startsWith('https://'))
    return good(check, `HTTP sends to ${to}.`);
  return warning({
    ...{ check, says: `HTTP answers ${answer.status} and does not send to HTTPS.` },
    mend: 'Let the proxy send every request of port 80 to https://, or close the port.',
  });
};

export type WayThere = {
  readonly findings: readonly Finding[];
  /** Whether one gets through; else nothing behind it can be looked at. */
  readonly isOpen: boolean;
};

/** Whether the name, the port and the certificate let Claude in at all. */
export const checkWayThere = async (world: World, url: URL): Promise<WayThere> => {
  const addresses = await world.resolve(bareHost(url));
  const findings = [checkName(url, addresses), checkPort(url)];
  if (addresses.length === 0) return { findings, isOpen: false };
  const { finding: tls, isOpen } = await checkTls(world, url);
  if (!isOpen) return { findings: [...findings, tls], isOpen };
  return { findings: [...findings, tls, await checkPlain(world, url)], isOpen };
};
