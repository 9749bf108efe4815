import { Agent, get, type IncomingMessage } from 'node:http';
import express from 'express';
import { expect, test } from 'vitest';
import { listen } from './listen.ts';

test('a client that is served while the server stops is told to leave', async () => {
  const app = express();
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  app.get('/', async (_request, response) => {
    arrived.resolve();
    await answer.promise;
    response.end('done');
  });
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true });
  const served = new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent }, resolve).once('error', reject);
  });
  await arrived.promise;
  const closed = close();
  answer.resolve();
  const response = await served;
  response.resume();
  expect(response.headers.connection).toBe('close');
  await closed;
  agent.destroy();
});

test('a connection rests for a minute, so that no call meets its end while an agent thinks', async () => {
  const app = express();
  app.get('/', (_request, response) => void response.end('done'));
  const { port, close } = await listen(app, { host: '127.0.0.1', port: 0 });
  const agent = new Agent({ keepAlive: true });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    get({ port, host: '127.0.0.1', agent }, resolve).once('error', reject);
  });
  response.resume();
  expect(response.headers['keep-alive']).toBe('timeout=65');
  agent.destroy();
  await close();
});

test('a port that is taken is told with the setting that chooses it', async () => {
  const host = '127.0.0.1';
  const { port, close } = await listen(express(), { host, port: 0 });
  await expect(listen(express(), { host, port })).rejects.toThrow(' with PORT=…');
  await expect(listen(express(), { host, port, setting: 'METRICS_PORT' })).rejects.toThrow(
    ' with METRICS_PORT=…',
  );
  await close();
});
