import { readFileSync } from 'node:fs';
import { join } from 'node:path';

// A client that starts Sentinel gives it half a minute or so to answer, and the first start has to install
// first. So the handshake is answered here, by what the product would say, and the rest waits for it.

const mostHeld = 100;
const largestLine = 1024 * 1024;
const serverError = -32_000;

/** @typedef {{ readonly id?: string | number, readonly method?: string, readonly params?: Record<string, unknown> }} Message */
/** @typedef {(line: string) => void} Say */
/**
 * @typedef {object} Session
 * @property {(child: import('node:child_process').ChildProcess) => void} handOver To the program that takes the session on.
 * @property {(problem: string) => void} fail Answers all that is asked, now and later, with why there is no program.
 */

/** @param {string} line @returns {Message | undefined} */
const parse = (line) => {
  try {
    const message = JSON.parse(line);
    return typeof message === 'object' && message !== null ? message : undefined;
  } catch {
    return undefined;
  }
};

/**
 * What the product answers to who asks what it is; undefined for every other message.
 * @param {Message} message
 */
const answerTo = ({ method, params }) => {
  if (method === 'ping') return {};
  if (method !== 'initialize' && method !== 'server/discover') return undefined;
  const file = join(import.meta.dirname, 'introduction.json');
  const { protocolVersions, serverInfo, ...rest } = JSON.parse(readFileSync(file, 'utf8'));
  if (method === 'initialize') {
    const asked = params?.protocolVersion;
    const protocolVersion = protocolVersions.includes(asked) ? asked : protocolVersions[0];
    return { protocolVersion, serverInfo, ...rest };
  }
  const meta = { 'io.modelcontextprotocol/serverInfo': serverInfo };
  const cached = { resultType: 'complete', ttlMs: 0, cacheScope: 'private' };
  return { supportedVersions: ['2026-07-28'], ...rest, ...cached, _meta: meta };
};

/**
 * Answers a client on standard input and output until a program can: the handshake at once, and the rest
 * when it is handed over, in the order in which it came.
 * @param {{ input: NodeJS.ReadStream | import('node:stream').Readable, output: NodeJS.WritableStream, say: Say }} streams
 * @returns {Session}
 */
export const firstSession = ({ input, output, say }) => {
  /** @type {string[]} */
  let held = [];
  let rest = '';
  let ended = false;
  /** @type {Message | undefined} */
  let handshake;
  /** @type {string | undefined} */
  let problem;

  /** @param {Message['id']} id @param {object} answer */
  const send = (id, answer) =>
    output.write(`${JSON.stringify({ jsonrpc: '2.0', id, ...answer })}\n`);
  /** @param {Message['id']} id @param {string} message */
  const refuse = (id, message) => send(id, { error: { code: serverError, message } });

  /** @param {string} line @param {Message} message */
  const hold = (line, message) => {
    if (message.method === 'notifications/cancelled') {
      const id = message.params?.requestId;
      held = held.filter((each) => parse(each)?.id !== id);
    } else if (held.length < mostHeld) {
      held.push(line);
      if (message.id !== undefined && message.method !== 'initialize')
        say(`Still installing: ${message.method} waits for it.`);
    } else if (message.id !== undefined) {
      refuse(message.id, 'Too many requests at once. Wait for answers first.');
    }
  };

  /** @param {string} line */
  const take = (line) => {
    const message = parse(line);
    if (message === undefined) return say('not a JSON-RPC message');
    const { id, method } = message;
    const answer = id === undefined ? undefined : answerTo(message);
    if (answer !== undefined) send(id, { result: answer });
    else if (id !== undefined && problem !== undefined) refuse(id, problem);
    if (problem !== undefined || (answer !== undefined && method !== 'initialize')) return;
    if (method === 'initialize') handshake = message;
    hold(line, message);
  };

  /** @param {string} text */
  const read = (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > largestLine) {
      say('a message is too long');
      rest = '';
    }
    for (const line of lines) if (line.trim() !== '') take(line);
  };

  input.setEncoding('utf8').on('data', read);
  input.once('end', () => {
    ended = true;
  });

  return {
    handOver: ({ stdin, stdout }) => {
      if (stdin === null || stdout === null) throw new Error('a session goes on through pipes');
      input.off('data', read);
      stdin.on('error', () => say('The program has ended.'));
      stdin.write(held.map((line) => `${line}\n`).join('') + rest);
      if (ended) stdin.end();
      else input.pipe(stdin);
      if (handshake === undefined) stdout.pipe(output, { end: false });
      else withoutAnswerTo(handshake, stdout, output);
    },
    fail: (sentence) => {
      problem = sentence;
      for (const line of held) {
        const { id, method } = parse(line) ?? {};
        if (id !== undefined && method !== 'initialize') refuse(id, sentence);
      }
      held = [];
    },
  };
};

/**
 * Passes on what a program writes, but for its answer to the handshake, which the client has already.
 * @param {Message} handshake
 * @param {import('node:stream').Readable} from
 * @param {NodeJS.WritableStream} to
 */
const withoutAnswerTo = ({ id }, from, to) => {
  let rest = '';
  const look = (/** @type {string} */ text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    const at = lines.findIndex((line) => {
      const message = parse(line);
      return message?.id === id && message?.method === undefined;
    });
    const kept = lines.filter((_, index) => index !== at).map((line) => `${line}\n`);
    to.write(kept.join(''));
    if (at < 0) return;
    from.off('data', look);
    to.write(rest);
    from.pipe(to, { end: false });
  };
  from.setEncoding('utf8').on('data', look);
};
