import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import { getCACertificates } from 'node:tls';

/** What two files hold, in PEM. */
export type PairText = { readonly cert: string; readonly key: string };

/** A certificate that may be served, with its key. */
export type Pair = PairText & { readonly until: Temporal.Instant };

export type Checked =
  | { readonly ok: true; readonly pair: Pair }
  /** A sentence that names what is wrong and what mends it, and holds nothing of the key. */
  | { readonly ok: false; readonly problem: string };

type Purpose = {
  /** The host that clients ask for; it has to be covered. */
  readonly host: string;
  readonly now: Temporal.Instant;
  /** Roots that are trusted, in PEM: those of Node, of the system and of NODE_EXTRA_CA_CERTS unless given. */
  readonly roots?: readonly string[] | undefined;
};

const blocks = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;
const longestChain = 10;

const isCode = (error: unknown): boolean => error instanceof Error && 'code' in error;

const readChain = (text: string): readonly X509Certificate[] | string => {
  const all = text.match(blocks) ?? [];
  if (all.length === 0)
    return 'TLS_CERT_FILE holds no certificate in PEM: it must have a block that begins with -----BEGIN CERTIFICATE-----.';
  if (all.length > longestChain)
    return `TLS_CERT_FILE holds ${all.length} certificates: give that of this host and those between it and its root.`;
  try {
    return all.map((block) => new X509Certificate(block));
  } catch (error) {
    if (!isCode(error)) throw error;
    return 'TLS_CERT_FILE holds a certificate that cannot be read: it may be cut off; copy it again.';
  }
};

const readKey = (text: string): KeyObject | string => {
  if (/BEGIN ENCRYPTED|: 4,ENCRYPTED/.test(text))
    return 'TLS_KEY_FILE holds a key under a passphrase: give one without, such as "openssl pkey" writes, that only this account can read.';
  try {
    return createPrivateKey(text);
  } catch (error) {
    if (!isCode(error)) throw error;
    return 'TLS_KEY_FILE holds no private key in PEM: it must have a block that begins with -----BEGIN PRIVATE KEY-----.';
  }
};

const nameOf = ({ subject }: X509Certificate): string => subject.replaceAll('\n', ', ');
const instantOf = (date: Date): Temporal.Instant =>
  Temporal.Instant.fromEpochMilliseconds(date.getTime());
const day = (at: Temporal.Instant): string => at.toString().slice(0, 10);

const whyNotNow = (certificate: X509Certificate, now: Temporal.Instant): string | undefined => {
  const from = instantOf(certificate.validFromDate);
  const until = instantOf(certificate.validToDate);
  const name = nameOf(certificate);
  if (Temporal.Instant.compare(now, until) >= 0)
    return `The certificate of ${name} in TLS_CERT_FILE ended on ${day(until)}: renew it.`;
  if (Temporal.Instant.compare(now, from) < 0)
    return `The certificate of ${name} in TLS_CERT_FILE begins on ${day(from)}: wait for that, or set this machine's clock.`;
  return undefined;
};

const isIssuedBy = (certificate: X509Certificate, issuer: X509Certificate): boolean =>
  certificate.checkIssued(issuer) && certificate.verify(issuer.publicKey);

const trusted = (roots: Purpose['roots']): readonly string[] => [
  ...new Set(roots ?? [...getCACertificates('default'), ...getCACertificates('system')]),
];

/** Clients know roots alone: all that stands between must come with the certificate, in order. */
const whyIncomplete = (
  chain: readonly X509Certificate[],
  roots: Purpose['roots'],
): string | undefined => {
  for (const [index, certificate] of chain.entries()) {
    const issuer = chain[index + 1];
    if (issuer !== undefined && !isIssuedBy(certificate, issuer))
      return `TLS_CERT_FILE has ${nameOf(issuer)} after ${nameOf(certificate)}, which it did not sign: put each certificate before that of its issuer, such as fullchain.pem has them.`;
  }
  const last = chain.at(-1);
  if (last === undefined || isIssuedBy(last, last)) return undefined;
  if (trusted(roots).some((root) => isIssuedBy(last, new X509Certificate(root)))) return undefined;
  return `The chain of TLS_CERT_FILE ends at ${nameOf(last)}, whose issuer (${last.issuer.replaceAll('\n', ', ')}) is no root that this machine knows: append the certificates between, such as fullchain.pem has them, or name an authority of your own by NODE_EXTRA_CA_CERTS.`;
};

/** Whether a certificate and its key may be served for a host, now; else what is wrong first. */
export const checkPair = (text: PairText, { host, now, roots }: Purpose): Checked => {
  const chain = readChain(text.cert);
  if (typeof chain === 'string') return { ok: false, problem: chain };
  const key = readKey(text.key);
  if (typeof key === 'string') return { ok: false, problem: key };
  const [leaf] = chain as readonly [X509Certificate];
  const bare = host.replace(/^\[|\]$/g, '');
  const covers = isIP(bare) === 0 ? leaf.checkHost(bare) : leaf.checkIP(bare);
  const problem =
    (leaf.checkPrivateKey(key)
      ? undefined
      : `TLS_KEY_FILE is not the key of the certificate of ${nameOf(leaf)} in TLS_CERT_FILE: give the two that were made together.`) ??
    chain.map((each) => whyNotNow(each, now)).find((why) => why !== undefined) ??
    (covers === undefined
      ? `The certificate in TLS_CERT_FILE is for ${leaf.subjectAltName ?? nameOf(leaf)}, and not for ${host}, the host of SENTINEL_PUBLIC_URL: get one for it, or correct the address.`
      : undefined) ??
    whyIncomplete(chain, roots);
  if (problem !== undefined) return { ok: false, problem };
  const ends = chain.map(({ validToDate }) => instantOf(validToDate));
  const [until = now] = ends.sort(Temporal.Instant.compare);
  return { ok: true, pair: { ...text, until } };
};
