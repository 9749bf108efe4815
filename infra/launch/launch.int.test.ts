import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';

/** Stands for npm: notes that it ran, then does what the test asks of it. */
const fakeNpm = `#!/bin/sh
echo "$@" >> npm-calls
while [ -f npm-waits ]; do sleep 0.02; done
[ -f npm-fails ] && { cat npm-fails >&2; exit 1; }
[ -f npm-hangs ] && sleep 60
[ -f npm-skips-scripts ] && exit 0
mkdir -p node_modules/node/bin
ln -sf "$REAL_NODE" node_modules/node/bin/node
`;

const program = `
console.log(JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd(), envFile: process.env.SENTINEL_ENV_FILE }));
process.exitCode = Number(process.argv[2] ?? 0);
`;

/** Stands for the program that takes a session on: says each method that it saw, in order. */
const sessionProgram = `
import { createInterface } from 'node:readline';
const seen = [];
for await (const line of createInterface({ input: process.stdin })) {
  const { id, method } = JSON.parse(line);
  seen.push(method);
  if (id !== undefined) console.log(JSON.stringify({ jsonrpc: '2.0', id, result: { seen } }));
}
`;

type Answer = {
  readonly id: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
};

/** A client on the standard input and output of a program. */
const clientOf = (child: ChildProcess) => {
  const answers = new Map<number, Answer>();
  const waits = new Map<number, (answer: Answer) => void>();
  let rest = '';
  let log = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    log += text;
  });
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const answer: Answer = JSON.parse(line);
      if (answers.has(answer.id)) throw new Error(`${answer.id} was answered twice`);
      answers.set(answer.id, answer);
      waits.get(answer.id)?.(answer);
    }
  });
  const tell = (message: object) =>
    void child.stdin?.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  return {
    answers,
    log: () => log,
    tell,
    ask: (id: number, method: string, params: object = {}): Promise<Answer> =>
      new Promise((resolve) => {
        waits.set(id, resolve);
        tell({ id, method, params });
      }),
    end: async () => {
      child.stdin?.end();
      return (await once(child, 'close'))[0];
    },
  };
};

describe.skipIf(process.platform === 'win32')('a fresh clone', () => {
  let root = '';
  let env: NodeJS.ProcessEnv = {};

  const put = (path: string, text: string, mode = 0o644): void => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text, { mode });
  };
  const launcher = (): string => join(root, 'infra/launch/launch.mjs');
  const launch = (...args: readonly string[]) =>
    spawnSync(process.execPath, [launcher(), ...args], { encoding: 'utf8', env, timeout: 20_000 });
  const launchBeside = (...args: readonly string[]): ChildProcess =>
    spawn(process.execPath, [launcher(), ...args], { env, stdio: 'ignore' });
  const npmCalls = (): number =>
    existsSync(join(root, 'npm-calls'))
      ? readFileSync(join(root, 'npm-calls'), 'utf8').trim().split('\n').length
      : 0;
  const isThere = async (path: string): Promise<void> => {
    const found = () => existsSync(join(root, path));
    await expect.poll(found, { interval: 25, timeout: 10_000 }).toBe(true);
  };

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sentinel-clone-'));
    cpSync(import.meta.dirname, join(root, 'infra/launch'), { recursive: true });
    put('bin/npm', fakeNpm, 0o755);
    put('package.json', '{ "type": "module" }');
    put('mcp-gateway/src/main.ts', program);
    put('mcp-gateway/src/stdio.ts', program);
    const PATH = [join(root, 'bin'), '/usr/bin', '/bin'].join(delimiter);
    env = { PATH, REAL_NODE: process.execPath, TMPDIR: tmpdir() };
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  test('installs on the first start and not on the second', () => {
    const first = launch('start');
    expect(first).toMatchObject({ status: 0, stderr: '' });
    expect(first.stdout).toMatch(/^Installing .*\nInstalled in \d+ s\.\n\{"args":\[\]/);
    const second = launch('start', '5', '--port', '1');
    expect(second.status).toBe(5);
    expect(JSON.parse(second.stdout).args).toEqual(['5', '--port', '1']);
    expect(npmCalls()).toBe(1);
  });

  test('brings what tests need with the first test, and takes it away no more', () => {
    put('infra/house/check.ts', program);
    const asked = () =>
      readFileSync(join(root, 'npm-calls'), 'utf8').match(/--(omit|include)=dev/g);
    launch('start');
    launch('test');
    expect(asked()).toEqual(['--omit=dev', '--include=dev']);
    launch('start');
    put('package.json', '{ "type": "module", "private": true }');
    launch('start');
    launch('test');
    expect(asked()).toEqual(['--omit=dev', '--include=dev', '--include=dev']);
  });

  test('writes nothing but the protocol where a protocol is spoken', () => {
    const { stdout, stderr } = launch('stdio');
    expect(JSON.parse(stdout).args).toEqual([]);
    expect(stderr).toContain('Installing');
  });

  describe('over standard input and output', () => {
    const session = () => clientOf(spawn(process.execPath, [launcher(), 'stdio'], { env }));
    const hello = { protocolVersion: '2025-06-18', capabilities: {} };

    test('answers the handshake at once, and lets the rest wait for the install', async () => {
      put('mcp-gateway/src/stdio.ts', sessionProgram);
      put('npm-waits', '');
      const client = session();
      const { result } = await client.ask(1, 'initialize', hello);
      expect(result).toMatchObject({
        protocolVersion: '2025-06-18',
        serverInfo: { name: 'sentinel' },
      });
      client.tell({ method: 'notifications/initialized' });
      const listed = client.ask(2, 'tools/list');
      client.tell({ id: 3, method: 'tools/call', params: { name: 'market_quote' } });
      client.tell({ method: 'notifications/cancelled', params: { requestId: 3 } });
      const called = client.ask(4, 'tools/call', { name: 'portfolio_status' });
      expect((await client.ask(5, 'ping')).result).toEqual({});
      expect((await client.ask(6, 'server/discover')).result).toMatchObject({
        supportedVersions: ['2026-07-28'],
      });
      expect([...client.answers.keys()]).toEqual([1, 5, 6]);
      await isThere('npm-calls');
      rmSync(join(root, 'npm-waits'));
      const before = ['initialize', 'notifications/initialized', 'tools/list', 'tools/call'];
      expect((await listed).result).toEqual({ seen: before.slice(0, 3) });
      expect((await called).result).toEqual({ seen: before });
      expect((await client.ask(7, 'resources/list')).result).toEqual({
        seen: [...before, 'resources/list'],
      });
      expect(await client.end()).toBe(0);
      expect([...client.answers.keys()].sort()).toEqual([1, 2, 4, 5, 6, 7]);
      expect(client.log()).toContain('Installing packages');
      expect(client.log()).toContain('Still installing: tools/list waits for it.');
    });

    test('answers what was asked before its input ended', () => {
      put('mcp-gateway/src/stdio.ts', sessionProgram);
      const { stdout, status } = spawnSync(process.execPath, [launcher(), 'stdio'], {
        ...{ encoding: 'utf8', env, timeout: 20_000 },
        input: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}\n',
      });
      expect([status, JSON.parse(stdout).result]).toEqual([0, { seen: ['tools/list'] }]);
    });

    test('tells with each request why the install failed', async () => {
      put('npm-fails', 'npm error code ENOTFOUND\n');
      put('npm-waits', '');
      const client = session();
      await client.ask(1, 'initialize', hello);
      const listed = client.ask(2, 'tools/list');
      await client.ask(3, 'ping');
      rmSync(join(root, 'npm-waits'));
      for (const { error } of [await listed, await client.ask(4, 'tools/call')]) {
        expect(error?.code).toBe(-32_000);
        expect(error?.message).toMatch(/^Cannot install: the package registry cannot be reached/);
        expect(error?.message).toMatch(/start it again\.$/);
      }
      expect(await client.end()).toBe(1);
      expect(client.log()).toContain('npm error code ENOTFOUND');
    });
  });

  test('names the .env of this folder to who reads settings, and to nobody else', () => {
    put('infra/house/check.ts', program);
    launch('test');
    expect(JSON.parse(launch('start').stdout).envFile).toBe(join(root, '.env'));
    expect(JSON.parse(launch('test').stdout).envFile).toBeUndefined();
  });

  test('installs again when a manifest changes', () => {
    launch('start');
    put('package.json', '{ "type": "module", "private": true }');
    expect(launch('start').status).toBe(0);
    expect(npmCalls()).toBe(2);
  });

  test('installs once for two starts, past the lock of a dead one', async () => {
    const dead = spawnSync(process.execPath, ['-e', '0']).pid;
    put('node_modules/.sentinel-install.lock', `${dead}\n`);
    const starts = [launchBeside('start', '3'), launchBeside('start', '4')];
    const codes = await Promise.all(starts.map(async (start) => (await once(start, 'exit'))[0]));
    expect(codes).toEqual([3, 4]);
    expect(npmCalls()).toBe(1);
  });

  test('ends at once when interrupted, and starts afresh the next time', async () => {
    put('npm-hangs', '');
    const start = launchBeside('start');
    await isThere('npm-calls');
    put('node_modules/half/package.json', '{}');
    start.kill('SIGTERM');
    expect((await once(start, 'exit'))[1]).toBe('SIGTERM');
    rmSync(join(root, 'npm-hangs'));
    const next = launch('start');
    expect(next).toMatchObject({ status: 0 });
    expect(next.stdout).toContain('broken off');
    expect(existsSync(join(root, 'node_modules/half'))).toBe(false);
  });

  test('keeps what is there when npm fails, and says why in a sentence', () => {
    put('node_modules/kept/package.json', '{}');
    put('npm-fails', 'npm error code ENOTFOUND\n');
    const { status, stderr } = launch('start');
    expect(status).toBe(1);
    expect(stderr).toMatch(/^Cannot install: the package registry cannot be reached/);
    rmSync(join(root, 'npm-fails'));
    expect(launch('start').status).toBe(0);
    expect(existsSync(join(root, 'node_modules/kept'))).toBe(true);
  });

  test('ends the program when the shell that npm put between is ended', async () => {
    const stays = `
      import { writeFileSync } from 'node:fs';
      process.on('SIGTERM', () => { writeFileSync('stopped', ''); process.exit(0); });
      setInterval(() => {}, 1000);
      writeFileSync('up', '');`;
    put('mcp-gateway/src/main.ts', stays);
    const script = `"${process.execPath}" "${launcher()}" start; true`;
    const shell = spawn('sh', ['-c', script], {
      env: { ...env, npm_lifecycle_event: 'start' },
      stdio: 'ignore',
    });
    await isThere('up');
    shell.kill('SIGTERM');
    await isThere('stopped');
  });

  test('says what to do when install scripts were skipped', () => {
    put('npm-skips-scripts', '');
    const { status, stderr } = launch('start');
    expect(status).toBe(1);
    expect(stderr).toContain('npm rebuild --ignore-scripts=false');
  });

  test('says what to do without npm', () => {
    rmSync(join(root, 'bin/npm'));
    env = { ...env, PATH: join(root, 'bin') };
    const { status, stderr } = launch('start');
    expect([status, stderr]).toEqual([
      1,
      'npm was not found: install Node.js 20 or newer, which brings it.\n',
    ]);
  });

  test('says when what is asked for is not there', () => {
    rmSync(join(root, 'mcp-gateway/src/main.ts'));
    const { status, stderr } = launch('start');
    expect([status, stderr]).toEqual([1, 'There is no mcp-gateway/src/main.ts in this version.\n']);
  });
});
