import { request } from 'node:http';
import { afterEach, expect, test } from 'vitest';
import { type Listening, listen } from './listen.ts';
import { metricsApp } from './metrics-door.ts';

let listening: Listening | undefined;
afterEach(() => listening?.close());

const ask = async (
  token: string | undefined,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<number | undefined> => {
  const app = metricsApp({ scrape: (_request, response) => void response.end('told'), token });
  listening = await listen(app, { host: '127.0.0.1', port: 0 });
  const { port } = listening;
  return new Promise((resolve, reject) => {
    request({ host: '127.0.0.1', port, path, headers }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode));
    })
      .on('error', reject)
      .end();
  });
};

const token = 't'.repeat(32);

test.each([
  ['a program of this machine', undefined, '/metrics', {}, 200],
  ['a page that a browser has open', undefined, '/metrics', { host: 'evil.example' }, 403],
  ['who bears the token', token, '/metrics', { authorization: `Bearer ${token}` }, 200],
  [
    'them by another name',
    token,
    '/metrics',
    { authorization: `Bearer ${token}`, host: 'a.b' },
    200,
  ],
  ['who bears none', token, '/metrics', {}, 401],
  ['who bears a longer one', token, '/metrics', { authorization: `Bearer ${token}t` }, 401],
  ['who bears none and asks for what is not there', token, '/elsewhere', {}, 401],
  ['who asks for what is not there', undefined, '/mcp', {}, 404],
])('the door of the metrics answers %s', async (_, bears, path, headers, status) => {
  expect(await ask(bears, path, headers as Record<string, string>)).toBe(status);
});
