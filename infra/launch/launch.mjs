#!/usr/bin/env node
// Runs on whatever Node a newcomer has, before anything is installed: plain JavaScript, no packages.
import { existsSync } from 'node:fs';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endLike, runChild } from './child.mjs';
import { commands, quietCommands, usage } from './commands.mjs';
import { firstSession } from './first-session.mjs';
import { ensureInstalled } from './install.mjs';
import { Interrupted, Problem } from './problem.mjs';
import { isInstalled, nodePath } from './stamp.mjs';

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
  const quiet = quietCommands.has(name);
  const out = quiet ? process.stderr : process.stdout;
  const say = (/** @type {string} */ line) => void out.write(`${line}\n`);
  const extent = command.settings ? 'to run' : 'all';
  if (quiet && !isInstalled(root, extent)) return launchBehindSession(root, command, { say, args });
  await ensureInstalled(root, say, extent);
  endLike(await runCommand(root, command, { args }));
};

/**
 * Runs a command on the Node that was installed.
 * @param {string} root
 * @param {typeof commands[string]} command
 * @param {{ readonly args: readonly string[], readonly session?: import('./first-session.mjs').Session }} how
 */
const runCommand = async (root, command, { args, session }) => {
  const script = join(root, command.script);
  if (!existsSync(script)) throw new Problem(`There is no ${command.script} in this version.`);
  const bin = join(root, 'node_modules', '.bin');
  return runChild(nodePath(root), [script, ...(command.args ?? []), ...args], {
    cwd: root,
    stdio: session === undefined ? 'inherit' : ['pipe', 'pipe', 'inherit'],
    ...(session !== undefined && { onStart: session.handOver }),
    env: {
      // What was compiled once is kept: a third of a second of every start but the first.
      NODE_COMPILE_CACHE: join(root, 'node_modules', '.cache', 'compiled'),
      ...process.env,
      // Only who reads the settings: what tests and measurements start must not depend on a file of somebody's.
      ...(command.settings && { SENTINEL_ENV_FILE: join(root, '.env') }),
      PATH: `${bin}${delimiter}${process.env.PATH ?? ''}`,
    },
  });
};

/**
 * Installs while a client is answered already, and hands it to the program then. Where the install fails,
 * the client is told why with each request, until it goes.
 * @param {string} root
 * @param {typeof commands[string]} command
 * @param {{ readonly say: (line: string) => void, readonly args: readonly string[] }} how
 */
const launchBehindSession = async (root, command, { say, args }) => {
  process.stdout.once('error', () => process.exit(0));
  const session = firstSession({ input: process.stdin, output: process.stdout, say });
  try {
    await ensureInstalled(root, say, 'to run');
    endLike(await runCommand(root, command, { args, session }));
    process.stdin.destroy();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    const [sentence] = error.message.split('\n');
    session.fail(`${sentence} The log of this server says more; mend that and start it again.`);
    throw error;
  }
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
