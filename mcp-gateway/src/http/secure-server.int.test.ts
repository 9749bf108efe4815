import { once } from 'node:events';
import { Agent, request as httpsRequest } from 'node:https';
import { connect } from 'node:net';
import type { TLSSocket } from 'node:tls';
import { systemClock } from '@sentinel/infra/runtime';
import { type TestPair, testAuthority } from '@sentinel/infra/test-kit';
import type { Pair } from '@sentinel/infra/tls';
import express from 'express';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { httpsAlone, knownCallers } from '../reach/index.ts';
import { type Listening, listen } from './listen.ts';

const host = 'sentinel.example.com';
const authority = testAuthority();
const until = systemClock().add({ hours: 1 });
const pairFor = (): Pair => ({ ...authority.issue({ hosts: [host] }), until });

let listening: Listening;
let take: (pair: TestPair & Pair) => void = () => undefined;
beforeAll(async () => {
  const reach = {
    publicOrigin: `https://${host}`,
    allowedHosts: [],
    trustedProxies: [],
    host: '0.0.0.0',
  };
  const app = express();
  app.use(knownCallers(reach), httpsAlone(reach));
  app.get('/who', (request, response) => void response.end(`secure ${request.secure}`));
  const first = pairFor();
  const pair = {
    current: () => first,
    onChange: (listener: (pair: Pair) => void) => {
      take = listener;
    },
  };
  listening = await listen(app, { host: '127.0.0.1', port: 0, pair });
});
afterAll(() => listening.close());

type Answer = { readonly text: string; readonly serial: string; readonly headers: object };

const ask = (agent: Agent): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const options = {
      ...{ host: '127.0.0.1', port: listening.port, path: '/who', agent },
      ...{ servername: host, headers: { host }, ca: authority.certificate },
    };
    const sent = httpsRequest(options, (response) => {
      let text = '';
      const { serialNumber: serial } = (response.socket as TLSSocket).getPeerCertificate();
      response.setEncoding('utf8').on('data', (chunk) => {
        text += chunk;
      });
      response.once('end', () => resolve({ text, serial, headers: response.headers }));
    });
    sent.once('error', reject);
    sent.end();
  });

test('a new certificate is served from the next connection on, and no open one is dropped', async () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const before = await ask(agent);
  expect(before).toMatchObject({
    text: 'secure true',
    headers: { 'strict-transport-security': 'max-age=31536000' },
  });
  take(pairFor());
  expect((await ask(agent)).serial).toBe(before.serial);
  agent.destroy();
  const fresh = new Agent();
  expect((await ask(fresh)).serial).not.toBe(before.serial);
});

/** Sends plain text at the port and answers all that comes back. */
const plainly = async (text: string): Promise<string> => {
  const socket = connect(listening.port, '127.0.0.1');
  socket.setEncoding('utf8').write(text);
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  await once(socket, 'close');
  return answer;
};
const close = 'Connection: close\r\n\r\n';

test('plain HTTP at the same port is sent to HTTPS, told so, or served to this machine', async () => {
  const moved = await plainly(`GET /who HTTP/1.1\r\nHost: ${host}\r\n${close}`);
  expect(moved).toMatch(/^HTTP\/1.1 308 [\s\S]*Location: https:\/\/sentinel.example.com\/who\r\n/);
  const posted = await plainly(
    `POST /mcp HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 0\r\n${close}`,
  );
  expect(posted).toMatch(/^HTTP\/1.1 403 [\s\S]*Only HTTPS is served here/);
  const here = await plainly(`GET /who HTTP/1.1\r\nHost: 127.0.0.1:${listening.port}\r\n${close}`);
  expect(here).toMatch(/^HTTP\/1.1 200 [\s\S]*secure false$/);
  expect(await plainly('SSH-2.0-OpenSSH_9\r\n')).toMatch(/^HTTP\/1.1 400 /);
});

test('half a handshake, and a client that trusts others, harm nobody else', async () => {
  const half = connect(listening.port, '127.0.0.1');
  half.on('error', () => undefined).write(Buffer.from([0x16, 0x03]));
  const gone = once(half, 'close');
  const strict = connect(listening.port, '127.0.0.1');
  strict.end(Buffer.from([0x16, 0x03, 0x01, 0x00, 0x01, 0xff]));
  strict.on('error', () => undefined).resume();
  await once(strict, 'close');
  await expect(
    new Promise((resolve, reject) => {
      httpsRequest({ host: '127.0.0.1', port: listening.port, servername: host }, resolve)
        .once('error', reject)
        .end();
    }),
  ).rejects.toThrow(/certificate/);
  const agent = new Agent();
  expect((await ask(agent)).text).toBe('secure true');
  half.destroy();
  await gone;
});
