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
