import { lookup } from 'node:dns/promises';
import { request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { getCACertificates } from 'node:tls';
import { reasonOf, systemClock } from '@sentinel/infra/runtime';

/** Claude waits this long for discovery and for tokens. */
export const answersWithinMs = 10_000;
const mostBytes = 4_000_000;

type Place = { readonly host: string; readonly port: number };

/** What the doctor looks at, and with whose eyes. */
export type World = {
  /** The addresses of a host; none when it has none. */
  readonly resolve: (host: string) => Promise<readonly string[]>;
  /** Where a host of an address is really reached. */
  readonly dial: (url: URL) => Place;
  /** Roots in PEM that this machine trusts. */
  readonly roots: readonly string[];
  /** Roots in PEM that Claude can be taken to trust. */
  readonly publicRoots: readonly string[];
  readonly now: () => Temporal.Instant;
};

export const portOf = ({ port, protocol }: URL): number =>
  port === '' ? (protocol === 'https:' ? 443 : 80) : Number(port);
export const bareHost = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

const noSuchName = new Set(['ENOTFOUND', 'ENODATA', 'EAI_AGAIN', 'EAI_NONAME']);

export const thisWorld = (): World => ({
  resolve: async (host) => {
    try {
      return (await lookup(host, { all: true })).map(({ address }) => address);
    } catch (error) {
      if (noSuchName.has((error as NodeJS.ErrnoException).code ?? '')) return [];
      throw error;
    }
  },
  dial: (url) => ({ host: bareHost(url), port: portOf(url) }),
  roots: [...new Set([...getCACertificates('default'), ...getCACertificates('system')])],
  publicRoots: getCACertificates('bundled'),
  now: systemClock,
});

export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly tookMs: number;
};
/** A sentence instead of an answer. */
export type NoAnswer = { readonly problem: string; readonly code?: string | undefined };

export type Asked = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

/** Asks once and follows nothing. What is too slow or too large is no answer. */
export const ask = (world: World, url: URL, asked: Asked = {}): Promise<Answer | NoAnswer> =>
  new Promise((resolve) => {
    const { method = 'GET', headers = {}, body } = asked;
    const begunMs = performance.now();
    const { host, port } = world.dial(url);
    const options = {
      ...{ host, port, method, path: `${url.pathname}${url.search}` },
      headers: { host: url.host, 'user-agent': 'sentinel-doctor', ...headers },
      ...{ servername: bareHost(url), ca: [...world.roots], agent: false },
      signal: AbortSignal.timeout(answersWithinMs),
    };
    const fail = (error: Error & { readonly code?: string }): void =>
      resolve(
        error.name === 'TimeoutError' || error.name === 'AbortError'
          ? { problem: `no answer within ${answersWithinMs / 1_000} s`, code: 'slow' }
          : { problem: reasonOf(error), code: error.code },
      );
    const sent = (url.protocol === 'https:' ? httpsRequest : httpRequest)(options, (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => {
        text += chunk;
        if (text.length > mostBytes)
          response.destroy(new Error(`its answer is larger than ${mostBytes} bytes`));
      });
      response.once('error', fail);
      response.once('end', () =>
        resolve({
          ...{ status: response.statusCode ?? 0, headers: response.headers, text },
          tookMs: performance.now() - begunMs,
        }),
      );
    });
    sent.once('error', fail).end(body);
  });

/** The object that a text holds in JSON; undefined when it holds none. */
export const objectIn = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
};
