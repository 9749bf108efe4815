import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
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

let root = '';

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sentinel-stamp-'));
  mkdirSync(dirname(nodePath(root)), { recursive: true });
  mkdirSync(join(root, 'infra'));
  writeFileSync(nodePath(root), 'a program');
  writeFileSync(join(root, 'package-lock.json'), '{}');
  writeFileSync(join(root, 'infra/package.json'), '{}');
});

afterEach(() => rmSync(root, { recursive: true, force: true }));

test('nothing is installed until an install says so', () => {
  expect(isInstalled(root)).toBe(false);
  writeStamp(root);
  expect(isInstalled(root)).toBe(true);
});

test.each(['package-lock.json', 'package.json', 'infra/package.json', 'services/package.json'])(
  'a change of %s asks for another install',
  (manifest) => {
    writeStamp(root);
    mkdirSync(dirname(join(root, manifest)), { recursive: true });
    appendFileSync(join(root, manifest), ' ');
    expect(isInstalled(root)).toBe(false);
  },
);

test('another Node, or none, asks for another install', () => {
  writeStamp(root);
  writeFileSync(nodePath(root), 'another program');
  expect(isInstalled(root)).toBe(false);
  writeStamp(root);
  rmSync(nodePath(root));
  expect(isInstalled(root)).toBe(false);
});

test('an install that was broken off is remembered until one ends', () => {
  expect(wasBrokenOff(root)).toBe(false);
  markBegun(root);
  expect([wasBrokenOff(root), isInstalled(root)]).toEqual([true, false]);
  markEnded(root);
  expect([wasBrokenOff(root), isInstalled(root)]).toEqual([false, false]);
  writeStamp(root);
  expect([wasBrokenOff(root), isInstalled(root)]).toEqual([false, true]);
});

test('what running needs is not all, and all is what running needs, from then on', () => {
  keepExtent(root, 'to run');
  writeStamp(root);
  expect([isInstalled(root, 'to run'), isInstalled(root, 'all')]).toEqual([true, false]);
  expect([extentFor(root, 'to run'), extentFor(root, 'all')]).toEqual(['to run', 'all']);
  keepExtent(root, 'all');
  expect([isInstalled(root, 'to run'), isInstalled(root, 'all')]).toEqual([true, true]);
  expect(extentFor(root, 'to run')).toBe('all');
});
