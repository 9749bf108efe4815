import {
  generateKeyPairSync,
  type KeyObject,
  randomBytes,
  sign,
  X509Certificate,
} from 'node:crypto';
import { isIPv4 } from 'node:net';
import { systemClock } from '../runtime/index.ts';
import { bits, bytes, integer, objectId, octets, sequence, time, tlv } from './der.ts';

const signedBy = sequence(objectId(0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02));
const nameOf = (common: string): Buffer =>
  sequence(tlv(0x31, sequence(objectId(0x55, 0x04, 0x03), tlv(0x0c, Buffer.from(common)))));
const extension = (last: number, content: Uint8Array): Buffer =>
  sequence(objectId(0x55, 0x1d, last), octets(content));
const hostName = (host: string): Buffer =>
  isIPv4(host) ? tlv(0x87, bytes(...host.split('.').map(Number))) : tlv(0x82, Buffer.from(host));

type Keys = { readonly publicKey: KeyObject; readonly privateKey: KeyObject };
const newKeys = (): Keys => generateKeyPairSync('ec', { namedCurve: 'P-256' });

type Wanted = {
  readonly subject: string;
  readonly hosts?: readonly string[];
  readonly from?: Temporal.Instant | undefined;
  readonly until?: Temporal.Instant | undefined;
};

const certificateOf = (
  wanted: Wanted,
  { publicKey }: Keys,
  by: { name: string; key: KeyObject },
): string => {
  const { subject, hosts, from, until } = wanted;
  const now = systemClock();
  const signed = sequence(
    tlv(0xa0, integer(bytes(2))),
    integer(Buffer.concat([bytes(1), randomBytes(8)])),
    signedBy,
    nameOf(by.name),
    sequence(time(from ?? now.subtract({ hours: 1 })), time(until ?? now.add({ hours: 24 * 30 }))),
    nameOf(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    tlv(
      0xa3,
      sequence(
        hosts === undefined
          ? extension(0x13, sequence(bytes(0x01, 0x01, 0xff)))
          : extension(0x11, sequence(...hosts.map(hostName))),
      ),
    ),
  );
  const der = sequence(signed, signedBy, bits(sign('sha256', signed, by.key)));
  return new X509Certificate(der).toString();
};

export type TestPair = { readonly cert: string; readonly key: string };

/** An authority of certificates for a test: its certificates hold wherever it is trusted, and nowhere else. */
export type TestAuthority = {
  readonly certificate: string;
  readonly issue: (
    wanted: Omit<Wanted, 'subject'> & { readonly hosts: readonly string[] },
  ) => TestPair;
  /** One whose own certificate this one has signed. */
  readonly below: (name: string, times?: Pick<Wanted, 'from' | 'until'>) => TestAuthority;
};

const authorityOf = (name: string, keys: Keys, certificate: string): TestAuthority => {
  const by = { name, key: keys.privateKey };
  return {
    certificate,
    issue: (wanted) => {
      const own = newKeys();
      return {
        cert: certificateOf({ subject: wanted.hosts[0] ?? '', ...wanted }, own, by),
        key: own.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
      };
    },
    below: (subject, times) => {
      const own = newKeys();
      return authorityOf(subject, own, certificateOf({ subject, ...times }, own, by));
    },
  };
};

export const testAuthority = (name = 'Test Root'): TestAuthority => {
  const keys = newKeys();
  const certificate = certificateOf({ subject: name }, keys, { name, key: keys.privateKey });
  return authorityOf(name, keys, certificate);
};
