import { expect, test } from 'vitest';
import { explain, findNpm } from './install.mjs';

test('the npm that called is the npm that installs', () => {
  const env = { npm_execpath: '/lib/npm/bin/npm-cli.js', npm_node_execpath: '/bin/node' };
  expect(findNpm(env)).toEqual({ command: '/bin/node', before: ['/lib/npm/bin/npm-cli.js'] });
});

test.each([{}, { npm_execpath: '/lib/pnpm.cjs', npm_node_execpath: '/bin/node' }])(
  'else the one on the PATH does: %o',
  (env) => {
    expect(findNpm(env)).toEqual({ command: 'npm', before: [] });
  },
);

test.each([
  ['npm error code ECONNREFUSED', 'the package registry cannot be reached'],
  ['npm error code EAI_AGAIN', 'the package registry cannot be reached'],
  ['npm error ENOSPC: no space left on device', 'the disk is full'],
  ['npm error code EACCES', 'npm may not write'],
  ['npm error code ETARGET', 'does not hold a version'],
  ['npm error something new', 'npm failed'],
])('%s: %s', (output, sentence) => {
  const [first, ...rest] = explain(`${output}\nnpm error     at somewhere (file.js:1:1)\n`).split(
    '\n',
  );
  expect(first).toContain(sentence);
  expect(rest).toEqual([output]);
});
