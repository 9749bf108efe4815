import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const manifests = [
  'package-lock.json',
  'package.json',
  'contracts/package.json',
  'services/package.json',
  'projections/package.json',
  'infra/package.json',
  'mcp-gateway/package.json',
];

/** Where the Node that runs the program lies, once installed. @param {string} root */
export const nodePath = (root) =>
  join(root, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node');

/** @param {string} root */
const stampPath = (root) => join(root, 'node_modules', '.sentinel-install');

/**
 * One text for everything that decides what must be installed: manifests, lock, platform, and the
 * Node that was found to run. Size and time of the file stand for running it, which would cost
 * every start some tens of milliseconds. Undefined while that Node is not there.
 * @param {string} root
 * @returns {string | undefined}
 */
const stampOf = (root) => {
  const node = nodePath(root);
  if (!existsSync(node)) return undefined;
  const hash = createHash('sha256').update(`${process.platform} ${process.arch}\n`);
  for (const manifest of manifests) {
    const path = join(root, manifest);
    const text = existsSync(path) ? readFileSync(path, 'utf8') : '';
    hash.update(`${manifest} ${text.length}\n${text}\n`);
  }
  const { size, mtimeMs } = statSync(node);
  return hash.update(`${size} ${mtimeMs}`).digest('hex');
};

/**
 * How much is installed: what running needs, or that and what checks and tests need.
 * @typedef {'to run' | 'all'} Extent
 */

/** @param {string} root */
const extentPath = (root) => join(root, 'node_modules', '.sentinel-extent');

/**
 * What an install has to bring: never less than an earlier one was asked for, since npm removes what
 * it is not asked for.
 * @param {string} root
 * @param {Extent} asked
 * @returns {Extent}
 */
export const extentFor = (root, asked) =>
  asked === 'all' || existsSync(extentPath(root)) ? 'all' : 'to run';

/** Remembers that everything was asked for, before anything of it stands there. @param {string} root @param {Extent} extent */
export const keepExtent = (root, extent) => {
  if (extent === 'all') writeFileSync(extentPath(root), '');
};

/** npm came to an end of its own, well or not: it leaves whole packages behind. @param {string} root */
export const markEnded = (root) => {
  writeFileSync(stampPath(root), '');
};

/**
 * Whether the last install left what the manifests ask for today, to this extent at least.
 * @param {string} root
 * @param {Extent} [asked]
 */
export const isInstalled = (root, asked = 'to run') => {
  const path = stampPath(root);
  if (!existsSync(path) || readFileSync(path, 'utf8') !== stampOf(root)) return false;
  return asked === 'to run' || existsSync(extentPath(root));
};

const begun = 'begun';

/** Says, before an install touches anything, that what stands there may be half of it. @param {string} root */
export const markBegun = (root) => {
  writeFileSync(stampPath(root), begun);
};

/** Whether the last install was broken off. npm takes half a package for a whole one. @param {string} root */
export const wasBrokenOff = (root) =>
  existsSync(stampPath(root)) && readFileSync(stampPath(root), 'utf8') === begun;

/** Says that what stands there is what the manifests ask for. @param {string} root */
export const writeStamp = (root) => {
  writeFileSync(stampPath(root), stampOf(root) ?? '');
};
