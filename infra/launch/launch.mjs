#!/usr/bin/env node
// Runs on whatever Node a newcomer has, before anything is installed: plain JavaScript, no packages.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endLike, runChild } from './child.mjs';
import { commands, quietCommands, usage } from './commands.mjs';
import { ensureInstalled } from './install.mjs';
import { Interrupted, Problem } from './problem.mjs';
import { nodePath } from './stamp.mjs';

const oldestMajor = 20;

/** @param {string | undefined} name @param {readonly string[]} args */
const launch = async (name, args) => {
  if (Number.parseInt(process.versions.node, 10) < oldestMajor) {
    throw new Problem(
      `Node ${process.versions.node} is too old: version ${oldestMajor} is needed.`,
    );
  }
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (name === undefined || command === undefined) throw new Problem(usage());
  const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
  const out = quietCommands.has(name) ? process.stderr : process.stdout;
  const say = (/** @type {string} */ line) => void out.write(`${line}\n`);
  await ensureInstalled(root, say, command.settings ? 'to run' : 'all');
  const script = join(root, command.script);
  if (!existsSync(script)) throw new Problem(`There is no ${command.script} in this version.`);
  const bin = join(root, 'node_modules', '.bin');
  const ended = await runChild(nodePath(root), [script, ...(command.args ?? []), ...args], {
    cwd: root,
    stdio: 'inherit',
    env: {
      // What was compiled once is kept: a third of a second of every start but the first.
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
      ...process.env,
      // Only who reads the settings: what tests and measurements start must not depend on a file of somebody's.
      ...(command.settings && { SENTINEL_ENV_FILE: join(root, '.env') }),
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    },
  });
  endLike(ended);
};

const [name, ...args] = process.argv.slice(2);
try {
  await launch(name, args);
} catch (error) {
  if (error instanceof Interrupted) endLike({ code: null, signal: error.signal });
  else if (error instanceof Problem) {
    process.stderr.write(`${error.message}\n`);
    process.exitCode = 1;
  } else throw error;
}
