import { accessSync, constants, existsSync, mkdirSync, readdirSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { killTree, runChild } from './child.mjs';
import { withLock } from './lock.mjs';
import { Interrupted, Problem } from './problem.mjs';
import {
  extentFor,
  isInstalled,
  keepExtent,
  markBegun,
  markEnded,
  nodePath,
  wasBrokenOff,
  writeStamp,
} from './stamp.mjs';

const neededMajor = 26;
const lockName = '.sentinel-install.lock';
// npm's own patience with a registry that does not answer is a quarter of an hour.
const npmArguments = [
  'install',
  '--no-save',
  '--loglevel=error',
  '--fetch-retries=1',
  '--fetch-retry-mintimeout=500',
  '--fetch-retry-maxtimeout=2000',
  '--fetch-timeout=60000',
];
const patienceMs = 15 * 60_000;
const sayEveryMs = 30_000;

/** @typedef {import('./stamp.mjs').Extent} Extent */
/** @typedef {(line: string) => void} Say */

/**
 * Installs what the manifests ask for, as much of it as was asked, unless the last install did. package-lock.json is read and
 * not written: a start must not change files that git watches. Throws Problem and Interrupted.
 * @param {string} root
 * @param {Say} say
 * @param {Extent} asked
 */
export const ensureInstalled = async (root, say, asked) => {
  if (isInstalled(root, asked)) return;
  const modules = prepareFolder(root);
  const lock = join(modules, lockName);
  const waiting = (/** @type {number} */ owner) =>
    say(`Waiting for process ${owner}, which installs.`);
  await withLock(lock, { patienceMs, waiting }, async () => {
    if (!isInstalled(root, asked)) await install(root, say, extentFor(root, asked));
  });
};

/** @param {string} root */
const prepareFolder = (root) => {
  const modules = join(root, 'node_modules');
  try {
    mkdirSync(modules, { recursive: true });
    accessSync(modules, constants.W_OK);
  } catch (cause) {
    throw new Problem(`Cannot install: ${modules} is not writable for this user.`, { cause });
  }
  return modules;
};

/** @param {string} root @param {Say} say @param {Extent} extent */
const install = async (root, say, extent) => {
  const begun = performance.now();
  const seconds = () => Math.round((performance.now() - begun) / 1000);
  if (wasBrokenOff(root)) {
    say('The last install was broken off: starting it afresh.');
    clear(join(root, 'node_modules'));
  }
  const what = extent === 'all' ? 'packages, those of the tests too,' : 'packages';
  say(`Installing ${what} with npm, Node 26 among them. This happens once and may take minutes.`);
  const reminder = setInterval(() => say(`Still installing after ${seconds()} s.`), sayEveryMs);
  markBegun(root);
  keepExtent(root, extent);
  try {
    const ended = await runNpm(root, extent);
    const signal = ended.asked ?? ended.signal;
    if (signal !== null) throw new Interrupted(signal);
    markEnded(root);
    if (ended.code !== 0) throw new Problem(explain(ended.output));
  } finally {
    clearInterval(reminder);
  }
  await verifyNode(root);
  writeStamp(root);
  say(`Installed in ${seconds()} s.`);
};

/** @param {string} modules */
const clear = (modules) => {
  for (const name of readdirSync(modules)) {
    if (name !== lockName) rmSync(join(modules, name), { recursive: true, force: true });
  }
};

/** @param {string} root @param {Extent} extent */
const runNpm = async (root, extent) => {
  const { command, before } = findNpm(process.env);
  const args = [...before, ...npmArguments, extent === 'all' ? '--include=dev' : '--omit=dev'];
  const windows = process.platform === 'win32';
  try {
    return await runChild(command, args, {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
      shell: command === 'npm' && windows,
      detached: !windows,
      onSignal: killTree,
    });
  } catch (cause) {
    markEnded(root);
    throw new Problem('npm was not found: install Node.js 20 or newer, which brings it.', {
      cause,
    });
  }
};

/**
 * The npm that called us, run by the Node that runs it; else the one on the PATH. Going through the
 * PATH alone would run npm on the very Node that it is about to replace.
 * @param {NodeJS.ProcessEnv} env
 */
export const findNpm = (env) => {
  const { npm_execpath: npm, npm_node_execpath: node } = env;
  return npm !== undefined && node !== undefined && basename(npm) === 'npm-cli.js'
    ? { command: node, before: [npm] }
    : { command: 'npm', before: [] };
};

/** One sentence for the usual causes, then npm's own last words. @param {string} output */
export const explain = (output) => {
  const causes = /** @type {const} */ ([
    [
      /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|ERR_SOCKET_TIMEOUT/,
      'the package registry cannot be reached: check the network, the proxy, and `npm config get registry`',
    ],
    [/ENOSPC/, 'the disk is full'],
    [
      /EACCES|EPERM|EROFS/,
      'npm may not write where it must: check who owns this folder and the npm cache',
    ],
    [/ETARGET|E404/, 'the registry does not hold a version that is asked for'],
  ]);
  const cause = causes.find(([pattern]) => pattern.test(output))?.[1] ?? 'npm failed';
  const lines = output.trim().split('\n');
  const telling = lines.filter((line) => !/^npm error(\s*$|\s+at )/.test(line));
  return `Cannot install: ${cause}.\n${telling.slice(-10).join('\n')}`;
};

/** @param {string} root */
const verifyNode = async (root) => {
  const node = nodePath(root);
  if (!existsSync(node)) {
    throw new Problem(
      'npm did not run the install script that fetches Node 26 (is `ignore-scripts` set?): run `npm rebuild --ignore-scripts=false` and start again.',
    );
  }
  const ended = await runChild(node, ['--version'], { stdio: ['ignore', 'pipe', 'pipe'] }).catch(
    (/** @type {Error} */ error) => ({ code: 1, output: error.message }),
  );
  const version = ended.output.trim();
  if (ended.code !== 0 || !(Number(/^v(\d+)\./.exec(version)?.[1]) >= neededMajor)) {
    throw new Problem(`Node ${neededMajor} from npm does not run on this machine (${version}).`);
  }
};
