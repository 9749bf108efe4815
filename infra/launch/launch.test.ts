import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { commands, quietCommands, usage } from './commands.mjs';

const root = join(import.meta.dirname, '..', '..');
const launch = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(import.meta.dirname, 'launch.mjs'), ...args], {
    encoding: 'utf8',
    timeout: 60_000,
  });

test.each(Object.entries(commands))('%s runs a script that is there', (_name, { script }) => {
  expect([script, existsSync(join(root, script))]).toEqual([script, true]);
});

test('every command is an npm script, and says what it is for', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  for (const name of Object.keys(commands)) {
    expect(scripts[name]).toBe(`node infra/launch/launch.mjs ${name}`);
    expect(usage()).toContain(`\n  ${name} `);
  }
});

test('what is quiet is a command', () => {
  expect([...quietCommands].filter((name) => !(name in commands))).toEqual([]);
});

test.each([[], ['no-such-command'], ['constructor']])(
  '%j is answered with the usage',
  (...args) => {
    expect(launch(...args)).toMatchObject({ status: 1, stdout: '', stderr: `${usage()}\n` });
  },
);
