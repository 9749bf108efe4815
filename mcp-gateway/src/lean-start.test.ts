import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

/** Each of them is memory and time that a start without its feature need not spend. */
const withTheirFeatureAlone = [
  '@eventstore/db-client',
  '@simplewebauthn/server',
  'ioredis',
  'jose',
  'oidc-provider',
  '@alpacahq/alpaca-trade-api',
];

/** What is loaded before anything is opened: the modules of the program without its entry, which starts. */
const script = `
  const { registerHooks } = await import('node:module');
  const loaded = new Set();
  registerHooks({
    load: (url, context, next) => {
      const name = /.*\\/node_modules\\/((?:@[^/]+\\/)?[^/]+)\\//.exec(url)?.[1];
      if (name !== undefined) loaded.add(name);
      return next(url, context);
    },
  });
  for (const module of ['compose', 'authenticating', 'http/app', 'running/index', 'watching', 'way-in'])
    await import('${import.meta.dirname}/' + module + '.ts');
  console.log(JSON.stringify([...loaded]));
`;

test('a start loads no library of a feature that it does not use', async () => {
  const run = promisify(execFile);
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script]);
  const loaded = JSON.parse(stdout) as readonly string[];
  expect(loaded).toContain('express');
  expect(loaded.filter((name) => withTheirFeatureAlone.includes(name))).toEqual([]);
});
