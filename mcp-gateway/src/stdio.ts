import { type JSONRPCMessage, ReadBuffer, serializeMessage } from '@modelcontextprotocol/server';
import { readConfig } from '@sentinel/infra/config';
import { addressOf } from './running/index.ts';
import { bridge } from './stdio/bridge.ts';
import { ensureServer } from './stdio/ensure-server.ts';

// For clients that speak MCP over standard input and output, such as Claude Desktop. It is a bridge to
// the one server of this machine, so that every client sees the same account. While that server starts it
// is introduced here, and all else waits for it. It ends with its input; a server that it had to start keeps running, for other clients may have joined it meanwhile.

/** Far above any message that the server would take. */
const largestMessageBytes = 1024 * 1024;
/** How long answers under way may take once the client has closed its side. */
const lastAnswersMs = 10_000;

const tell = (line: string): void => void process.stderr.write(`sentinel: ${line}\n`);
const answer = (message: JSONRPCMessage): void =>
  void process.stdout.write(serializeMessage(message));

const parsed = readConfig(process.env);
for (const hint of parsed.ok ? parsed.value.hints : []) tell(hint);

const ensure = async (starting: () => void) => {
  if (!parsed.ok)
    return { ok: false, sentence: `${parsed.refusal.message} ${parsed.refusal.remedy}` } as const;
  const { config } = parsed.value;
  const place = { address: addressOf(config), dataDir: config.SENTINEL_DATA_DIR };
  const ensured = await ensureServer(place, { starting, tell });
  if (!ensured.ok) tell(ensured.sentence);
  return ensured;
};

const toolsets = parsed.ok ? parsed.value.config.SENTINEL_TOOLSETS : undefined;
const key = parsed.ok ? parsed.value.config.SENTINEL_API_KEY : undefined;
const { take, close } = await bridge({ ensure, answer, toolsets, key });
const underWay = new Set<Promise<void>>();

const pass = (message: JSONRPCMessage): void => {
  const taken = take(message)
    .catch((error: unknown) => tell(error instanceof Error ? error.message : String(error)))
    .finally(() => underWay.delete(taken));
  underWay.add(taken);
};

const buffer = new ReadBuffer({ maxBufferSize: largestMessageBytes });
const read = (chunk: Buffer): void => {
  buffer.append(chunk);
  for (let message = buffer.readMessage(); message !== null; message = buffer.readMessage())
    pass(message);
};

const end = async (): Promise<void> => {
  const timer = setTimeout(() => process.exit(0), lastAnswersMs);
  await Promise.allSettled(underWay);
  await close();
  clearTimeout(timer);
  process.exit(0);
};

process.stdin.on('data', (chunk: Buffer) => {
  try {
    read(chunk);
  } catch (error) {
    tell(`not a JSON-RPC message: ${error instanceof Error ? error.message.slice(0, 200) : error}`);
  }
});
process.stdin.once('end', () => void end());
// The client has gone without closing its side first: there is nobody left to answer.
process.stdout.once('error', () => process.exit(0));
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => process.exit(0));
