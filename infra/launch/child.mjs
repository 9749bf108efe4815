import { spawn } from 'node:child_process';

/**
 * @typedef {object} Ended
 * @property {number | null} code Null when a signal ended the program.
 * @property {NodeJS.Signals | null} signal
 * @property {string} output What it wrote into pipes, at most the last 20,000 characters.
 * @property {NodeJS.Signals | undefined} asked The signal that asked this process, too, to end.
 */

/** @type {readonly NodeJS.Signals[]} */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
const keptCharacters = 20_000;
const lookEveryMs = 250;

/**
 * Runs a program to its end. Each signal that asks this process to end is handed to `onSignal`
 * once; by default it is passed on.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {import('node:child_process').SpawnOptions & { onSignal?: typeof passOn, onStart?: (child: import('node:child_process').ChildProcess) => void }} options
 * @returns {Promise<Ended>} Rejects when the program cannot be started.
 */
export const runChild = (command, args, { onSignal = passOn, onStart, ...options }) =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, options);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
        output = (output + text).slice(-keptCharacters);
      });
    }
    onStart?.(child);
    const stopListening = listen((signal) => onSignal(child, signal));
    child.once('error', (error) => {
      stopListening();
      reject(error);
    });
    child.once('close', (code, signal) => {
      resolve({ code, signal, output, asked: stopListening() });
    });
  });

/**
 * A terminal's Ctrl-C reaches the program by itself, and npm then repeats it here: with a terminal
 * SIGINT is only waited out, since a program that is asked twice may take it for impatience.
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
const passOn = (child, signal) => {
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  if (signal !== 'SIGINT' || !terminal) child.kill(signal);
};

/**
 * Ends a program that was started detached, with all that it started, at once.
 * @param {import('node:child_process').ChildProcess} child
 */
export const killTree = (child) => {
  if (child.pid === undefined || process.platform === 'win32') child.kill('SIGKILL');
  else process.kill(-child.pid, 'SIGKILL');
};

/**
 * Listens for what asks this process to end. npm runs its scripts in a shell, and asked to end it
 * ends that shell and nothing else: to be left behind by it counts as having been asked.
 * Answers how to stop listening, which in turn answers the first signal that came.
 * @param {(signal: NodeJS.Signals) => void} onSignal
 */
const listen = (onSignal) => {
  /** @type {Set<NodeJS.Signals>} */
  const seen = new Set();
  /** @param {NodeJS.Signals} signal */
  const listener = (signal) => {
    if (seen.has(signal)) return;
    seen.add(signal);
    onSignal(signal);
  };
  for (const signal of signals) process.on(signal, listener);
  const parent = process.ppid;
  const look = () => process.ppid !== parent && listener('SIGTERM');
  const byNpm = process.env.npm_lifecycle_event !== undefined;
  const watch = byNpm ? setInterval(look, lookEveryMs) : undefined;
  return () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, listener);
    return [...seen][0];
  };
};

/**
 * Ends this process the way the program ended: the same code, or death by the same signal, so that
 * whoever waits for the launcher sees what the program did.
 * @param {Pick<Ended, 'code' | 'signal'>} ended
 */
export const endLike = ({ code, signal }) => {
  if (signal === null) process.exitCode = code ?? 1;
  else process.kill(process.pid, signal);
};
