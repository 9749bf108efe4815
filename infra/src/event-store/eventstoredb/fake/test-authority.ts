import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto';

export type TestAuthority = {
  /** The authority's own certificate, as a `tlsCAFile` holds it. */
  readonly certificate: string;
  /** A key and a certificate for a server on localhost. */
  readonly issue: () => ServerIdentity;
};

export type ServerIdentity = { readonly key: string; readonly certificate: string };

/** DER: a tag, a length, and what stands in it. */
const der = (tag: number, ...parts: readonly Uint8Array[]): Uint8Array => {
  const content = Buffer.concat(parts);
  const { length } = content;
  const short = length < 0x80 ? [length] : undefined;
  const long = length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Uint8Array.from([tag, ...(short ?? long)]), content]);
};
const sequence = (...parts: readonly Uint8Array[]) => der(0x30, ...parts);
const set = (...parts: readonly Uint8Array[]) => der(0x31, ...parts);
const text = (tag: number, value: string) => der(tag, Buffer.from(value));
const object = (hex: string) => der(0x06, Buffer.from(hex, 'hex'));
const bits = (bytes: Uint8Array) => der(0x03, Uint8Array.from([0]), bytes);

const commonName = object('550403');
const subjectAltName = object('551d11');
const basicConstraints = object('551d13');
const ecdsaWithSha256 = sequence(object('2a8648ce3d040302'));
const isTrue = der(0x01, Uint8Array.from([0xff]));
const localhost = text(0x82, 'localhost');
const ofVersion3 = der(0xa0, der(0x02, Uint8Array.from([2])));

const nameOf = (name: string) => sequence(set(sequence(commonName, text(0x0c, name))));
const extension = (id: Uint8Array, value: Uint8Array) => sequence(id, isTrue, der(0x04, value));

type Wanted = {
  readonly subject: string;
  readonly publicKey: KeyObject;
  readonly extension: Uint8Array;
};

/** Certificates of an authority that nobody else knows, without a program that makes them. */
export const testAuthority = (name: string): TestAuthority => {
  const authority = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const certify = ({ subject, publicKey, extension: only }: Wanted): string => {
    const serial = Buffer.concat([Uint8Array.from([1]), randomBytes(8)]);
    const signed = sequence(
      ofVersion3,
      der(0x02, serial),
      ecdsaWithSha256,
      nameOf(name),
      sequence(text(0x17, '200101000000Z'), text(0x17, '491231235959Z')),
      nameOf(subject),
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, sequence(only)),
    );
    const signature = bits(sign('sha256', signed, authority.privateKey));
    const base64 = Buffer.from(sequence(signed, ecdsaWithSha256, signature)).toString('base64');
    return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n')}\n-----END CERTIFICATE-----\n`;
  };
  return {
    certificate: certify({
      subject: name,
      publicKey: authority.publicKey,
      extension: extension(basicConstraints, sequence(isTrue)),
    }),
    issue: () => {
      const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      return {
        key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
        certificate: certify({
          subject: 'localhost',
          publicKey,
          extension: extension(subjectAltName, sequence(localhost)),
        }),
      };
    },
  };
};
