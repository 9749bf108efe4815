import http from 'node:http';
import https from 'node:https';

const protocolVersion = '2025-11-25';

/** By what a caller over HTTPS proves the server, and itself: by one token after the other. */
type Secured = {
  readonly ca: string;
  readonly tokens: readonly string[];
  /** From where on this machine it calls. */
  readonly localAddress?: string;
};

/** What of it is for the connection. */
const only = ({ ca, localAddress }: Partial<Secured> = {}) => ({
  ...(ca !== undefined && { ca }),
  ...(localAddress !== undefined && { localAddress }),
});

/** Calls a tool over one kept-alive connection, with as little of a client as the protocol allows. */
export const caller = (url: string, secured?: Secured) => {
  const { Agent, request } = secured === undefined ? http : https;
  const agent = new Agent({ keepAlive: true, maxSockets: 1, ...only(secured) });
  let id = 0;
  /** Refusals, too, are answers. */
  const ask = (name: string, args: object): Promise<string> =>
    new Promise((resolve, reject) => {
      const body = JSON.stringify({
        jsonrpc: '2.0',
        id: ++id,
        method: 'tools/call',
        params: { name, arguments: args },
      });
      const headers = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        'mcp-protocol-version': protocolVersion,
        'content-length': Buffer.byteLength(body),
        ...(secured && { authorization: `Bearer ${secured.tokens[id % secured.tokens.length]}` }),
      };
      const sent = request(url, { method: 'POST', agent, headers }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () =>
          response.statusCode === 200
            ? resolve(text)
            : reject(new Error(`${response.statusCode}: ${text.slice(0, 300)}`)),
        );
      });
      sent.on('error', reject);
      sent.end(body);
    });
  const call = async (name: string, args: object): Promise<string> => {
    const text = await ask(name, args);
    if (text.includes('"isError":true')) throw new Error(`refused: ${text.slice(0, 300)}`);
    return text;
  };
  return { ask, call, close: () => agent.destroy() };
};

/** Milliseconds of each of `count` calls, one after another. */
export const timeCalls = async (
  count: number,
  call: (n: number) => Promise<unknown>,
): Promise<number[]> => {
  const times: number[] = [];
  for (let n = 0; n < count; n++) {
    const start = performance.now();
    await call(n);
    times.push(performance.now() - start);
  }
  return times;
};

export const percentile = (times: readonly number[], share: number): number =>
  [...times].sort((a, b) => a - b)[
    Math.min(times.length - 1, Math.floor(times.length * share))
  ] as number;
