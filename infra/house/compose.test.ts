import { execFile, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parseConfig } from '@sentinel/infra/config';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import {
  type ComposeService,
  composeBreaches,
  composeSchema,
  interpolated,
} from './compose-rules.ts';

const folder = join(import.meta.dirname, '../compose');
const read = (name: string) => readFileSync(join(folder, name), 'utf8');
const given = { POSTGRES_PASSWORD: 'secret1', REDIS_PASSWORD: 'secret2' };
const composed = (environment: Readonly<Record<string, string>> = given) =>
  composeSchema.parse(parse(interpolated(read('compose.yaml'), environment), { merge: true }));
const { services, networks } = composed();
const ours = Object.entries(services).filter(([, { build }]) => build !== undefined);
const gateways = ours.filter(([, { environment }]) => environment?.SENTINEL_ROLES === 'gateway');

describe('the compose file', () => {
  test.each(Object.entries(services))('keeps %s within every rule', (_, service) => {
    expect(composeBreaches(service)).toEqual([]);
  });

  test('has every role, two gateways, the stores, and three nodes of the log to choose', () => {
    const roles = ours.map(([, { environment }]) => environment?.SENTINEL_ROLES);
    expect(roles.sort()).toEqual(['gateway', 'gateway', 'projector', 'venue']);
    expect(Object.keys(services)).toEqual(
      expect.arrayContaining(['proxy', 'postgres', 'redis', 'eventstore']),
    );
    const nodes = Object.values(services).filter(({ profiles }) => `${profiles}` === 'cluster');
    expect(nodes.map(({ environment }) => environment?.EVENTSTORE_CLUSTER_SIZE)).toEqual([
      '3',
      '3',
      '3',
    ]);
  });

  test.each(ours)(
    'gives %s settings that the program takes, and no others',
    (_, { environment }) => {
      const parsed = parseConfig(environment ?? {});
      expect(parsed.ok ? '' : parsed.refusal.message).toBe('');
      for (const name of ['EVENTSTORE_URL', 'DATABASE_URL', 'REDIS_URL'] as const)
        expect(parsed.ok && parsed.value[name]).toBeTruthy();
      const unknown = Object.keys(environment ?? {}).filter(
        (name) => parsed.ok && !Object.hasOwn(parsed.value, name),
      );
      expect(unknown).toEqual([]);
    },
  );

  test('starts with no password of its own, and with the address of a cluster where one is given', () => {
    expect(() => composed({})).toThrow(/POSTGRES_PASSWORD is not set/);
    expect(() => composed({ POSTGRES_PASSWORD: 'x' })).toThrow(/REDIS_PASSWORD is not set/);
    const EVENTSTORE_URL = 'esdb://eventstore-1:2113,eventstore-2:2113?tls=false';
    expect(composed({ ...given, EVENTSTORE_URL }).services.venue?.environment).toMatchObject({
      EVENTSTORE_URL,
    });
  });

  test('lets the proxy alone reach the gateways, each on a port of its own of one loopback', () => {
    const proxy = read('Caddyfile');
    const ports = gateways.map(([, { environment, network_mode }]) => {
      expect([environment?.HOST, network_mode]).toEqual(['127.0.0.1', 'service:proxy']);
      return environment?.PORT;
    });
    expect(new Set(ports).size).toBe(2);
    // A gateway tells people its own port: that has to be the one that is published.
    for (const port of ports) {
      expect(proxy).toContain(`127.0.0.1:${port}`);
      expect(services.proxy?.ports?.join()).toContain(`127.0.0.1:${port}:`);
    }
    const published = Object.entries(services).filter(([, { ports: all }]) => all !== undefined);
    expect(published.map(([name]) => name)).toEqual(['proxy']);
    expect(networks.inside?.internal).toBe(true);
    for (const [name, service] of Object.entries(services))
      if (name !== 'proxy' && service.network_mode === undefined)
        expect([name, service.networks]).toEqual([name, ['inside']]);
  });
});

describe('the compose file over HTTPS', () => {
  const host = { SENTINEL_HOST: 'sentinel.example.com' };
  const text = read('https.yaml');
  const layerOf = (environment: Readonly<Record<string, string>>): Layer =>
    parse(interpolated(text, environment), { merge: true });
  type Layer = {
    readonly services: Readonly<
      Record<string, { readonly environment?: Record<string, string>; readonly ports?: string[] }>
    >;
  };
  const layer = layerOf(host);

  test.each(ours)('lets others to %s only with a log-in and over HTTPS', (name, service) => {
    const over = layer.services[name]?.environment ?? {};
    const parsed = parseConfig({ ...service.environment, ...over });
    expect(parsed.ok ? parsed.value : parsed.refusal.message).toMatchObject({
      ...{ SENTINEL_AUTH_ENABLED: true, TRUSTED_PROXIES: ['127.0.0.1'] },
      SENTINEL_PUBLIC_URL: 'https://sentinel.example.com',
    });
    const open = parseConfig({ ...service.environment, ...over, SENTINEL_AUTH_ENABLED: 'false' });
    expect(open.ok).toBe(false);
  });

  test('publishes the proxy alone, and does not start without a name', () => {
    expect(() => layerOf({})).toThrow(/SENTINEL_HOST is not set/);
    const published = Object.entries(layer.services).filter(([, { ports }]) => ports !== undefined);
    expect(published).toEqual([
      ['proxy', expect.objectContaining({ ports: ['80:80', '443:443'] })],
    ]);
    const proxy = read('Caddyfile.https');
    expect(proxy).toContain('{$SENTINEL_HOST} {');
    expect(proxy).not.toContain('auto_https off');
    const routes = (file: string) => /^\t@one path .*$/m.exec(file)?.[0];
    expect(routes(proxy)).toBe(routes(read('Caddyfile')));
  });
});

test('a service that breaks a rule is found out, rule by rule', () => {
  const good = services.venue as ComposeService;
  const without = (name: string) =>
    Object.fromEntries(Object.entries(good).filter(([key]) => key !== name)) as ComposeService;
  const bad: readonly ComposeService[] = [
    { ...good, user: '0:0' },
    without('read_only'),
    without('cap_drop'),
    { ...good, privileged: true },
    without('healthcheck'),
    without('mem_limit'),
    { ...good, image: 'sentinel' },
    { ...good, ports: ['3000:3000'] },
    { ...good, network_mode: 'host' },
  ];
  expect(bad.map((each) => composeBreaches(each).length)).toEqual(bad.map(() => 1));
  expect(new Set(bad.flatMap(composeBreaches)).size).toBe(bad.length);
});

test('the image is built in two stages from the lock, and runs as somebody else than root', () => {
  const lines = read('Dockerfile').split('\n');
  expect(lines.filter((line) => line.startsWith('FROM '))).toHaveLength(2);
  expect(lines.some((line) => line.startsWith('RUN npm ci --omit=dev'))).toBe(true);
  expect(lines.filter((line) => line.startsWith('USER '))).toEqual(['USER node']);
  const last = lines.slice(lines.findLastIndex((line) => line.startsWith('FROM ')));
  for (const floor of ['contracts', 'services', 'projections', 'infra', 'mcp-gateway']) {
    expect(lines).toContain(`COPY ${floor}/package.json ${floor}/`);
    expect(last).toContain(`COPY ${floor} ${floor}`);
  }
  expect(read('Dockerfile.dockerignore')).toMatch(/^\*\*\/\.env$/m);
});

test.each([
  [['ready', 'degraded'], 0],
  [['ready', 'failed'], 1],
  [['starting'], 1],
])('a process whose parts are %j is told to be well by %i', async (states, code) => {
  const components = states.map((state) => ({ component: 'a', state, detail: 'b' }));
  const server = createServer((_request, response) =>
    response.writeHead(503).end(JSON.stringify({ components })),
  ).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const ended = await promisify(execFile)(process.execPath, [join(folder, 'health.mjs')], {
    env: { ...process.env, PORT: `${port}` },
  }).then(
    () => 0,
    (error: { readonly code: number }) => error.code,
  );
  server.close();
  expect(ended).toBe(code);
});

const hasCompose = spawnSync('docker', ['compose', 'version']).status === 0;
test.skipIf(!hasCompose)(
  `docker compose takes the file${hasCompose ? '' : ' (its plugin is not installed)'}`,
  () => {
    const { status, stderr } = spawnSync('docker', ['compose', 'config', '--quiet'], {
      cwd: folder,
      env: { ...process.env, ...given },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
  },
);

describe('the compose file of the board', () => {
  const METRICS_TOKEN = 't'.repeat(32);
  const asked = { METRICS_TOKEN, METRICS_TOKEN_FILE: 'token', GRAFANA_PASSWORD: 'secret3' };
  const watched = (environment: Readonly<Record<string, string>> = asked) =>
    parse(interpolated(read('observability/compose.yaml'), environment), { merge: true })
      .services as Readonly<Record<string, Partial<ComposeService>>>;
  const added = Object.entries(watched()).filter(([name]) => !Object.hasOwn(services, name));

  test('adds Prometheus and Grafana within every rule, and makes up no secret', () => {
    expect(added.map(([name]) => name)).toEqual(['prometheus', 'grafana']);
    for (const [, service] of added) expect(composeBreaches(service as ComposeService)).toEqual([]);
    for (const name of Object.keys(asked))
      expect(() => watched({ ...asked, [name]: '' })).toThrow(`${name} is not set`);
  });

  test.each(ours)('lets %s be scraped where Prometheus looks for it', (name, { environment }) => {
    const parsed = parseConfig({ ...environment, ...watched()[name]?.environment });
    expect(parsed.ok ? '' : parsed.refusal.message).toBe('');
    const port = parsed.ok ? parsed.value.METRICS_PORT : undefined;
    const host = environment?.SENTINEL_ROLES === 'gateway' ? 'proxy' : name;
    expect(read('observability/prometheus.yml')).toContain(`'${host}:${port}'`);
  });

  test('reads what stands beside it', () => {
    const mounted = read('observability/compose.yaml').match(/\.\/observability\/[\w.-]+/g) ?? [];
    expect(mounted).toHaveLength(3);
    for (const file of mounted) expect(read(file).length).toBeGreaterThan(0);
  });
});
