import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { operatorKeyFile } from './operator-key.ts';
import { OperatorProblem } from './operator-problem.ts';
import { type FoundServer, findServer } from './running/index.ts';
import { settingsOfCommand } from './settings-of-command.ts';

// Says whether a server runs on the data folder, and how it is. Ends with 0 when one runs, 3 when none does,
// and 4 when that is not clear.

const notRunning = 3;
const notClear = 4;
const answersWithinMs = 20_000;

const briefSchema = z.object({
  calm: z.boolean(),
  mode: z.string(),
  account: z.object({ equity_usd: z.string(), open_positions: z.int() }).nullable(),
  needs_decision: z.array(z.object({ kind: z.string(), text: z.string(), what_to_do: z.string() })),
  unreadable: z.array(z.object({ what: z.string(), why: z.string() })),
});
type Brief = z.output<typeof briefSchema>;
const answerSchema = z.object({ result: z.object({ structuredContent: briefSchema }) });

type Running = Extract<FoundServer, { readonly is: 'running' }>;

/** Who may read the operator's key may look; anybody else asks as they are. */
const operatorHeader = async (dataDir: string): Promise<Readonly<Record<string, string>>> => {
  const key = await readFile(operatorKeyFile(dataDir), 'utf8').catch(() => undefined);
  return key === undefined ? {} : { authorization: `Bearer ${key.trim()}` };
};

/** What needs somebody, as clients are told; a sentence when it cannot be learned. */
const askBrief = async (dataDir: string, { server }: Running): Promise<Brief | string> => {
  const response = await fetch(`${server.url}/mcp`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
      'user-agent': 'sentinel-status',
      ...(await operatorHeader(dataDir)),
    },
    body: JSON.stringify({
      ...{ jsonrpc: '2.0', id: 1, method: 'tools/call' },
      params: { name: 'system_brief', arguments: {} },
    }),
    signal: AbortSignal.timeout(answersWithinMs),
  }).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  if (typeof response === 'string') return response;
  const text = await response.text();
  if (!response.ok) return `it answered ${response.status}`;
  const answer = answerSchema.safeParse(JSON.parse(text));
  return answer.success ? answer.data.result.structuredContent : 'it is not ready to tell';
};

/** Reasons are others' words: only what cannot steer a terminal is shown of them. */
const harmless = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?');

const listed = (title: string, lines: readonly string[]): readonly string[] =>
  lines.length === 0 ? [`${title}: none`] : [`${title}:`, ...lines.map((line) => `  - ${line}`)];

const linesOfBrief = (brief: Brief): readonly string[] => {
  const { needs_decision: needed, unreadable, account, mode } = brief;
  const worded = ({ text, what_to_do: mend }: Brief['needs_decision'][number]) =>
    `${text} ${mend}`.trim();
  const [halts, others] = [true, false].map((halt) =>
    needed.filter(({ kind }) => (kind === 'halt') === halt).map(worded),
  );
  const unread = unreadable.map(({ what, why }) => `${what}: ${why}`);
  return [
    `Trading: ${mode}${account === null ? '' : `, equity ${account.equity_usd} USD, ${account.open_positions} open position(s)`}`,
    ...listed('Halts', halts ?? []),
    ...listed('Needs a decision', others ?? []),
    ...(unread.length === 0
      ? []
      : listed('Could not be read, so do not take this for calm', unread)),
  ];
};

const show = async (dataDir: string, found: Running): Promise<readonly string[]> => {
  const { server, health } = found;
  const brief = await askBrief(dataDir, found);
  return [
    `Sentinel ${health.version} runs as process ${server.pid} at ${server.url}/mcp, since ${server.started_at}.`,
    ...health.components.map(
      ({ component, state, detail }) => `  ${component.padEnd(12)} ${state}: ${detail}`,
    ),
    ...(typeof brief === 'string'
      ? [
          `Halts and what needs a decision could not be read, so do not take this for calm: ${brief}`,
        ]
      : linesOfBrief(brief)),
  ];
};

const status = async (): Promise<readonly string[]> => {
  const { SENTINEL_DATA_DIR: dataDir } = settingsOfCommand(process.env);
  const found = await findServer(dataDir);
  switch (found.is) {
    case 'running':
      return show(dataDir, found);
    case 'none':
      process.exitCode = notRunning;
      return [`No Sentinel runs on the data folder ${dataDir}. "npm start" starts one.`];
    case 'stale':
      process.exitCode = notRunning;
      return [
        `No Sentinel runs on the data folder ${dataDir}: process ${found.server.pid}, started ${found.server.started_at}, ended without saying so. "npm start" starts one.`,
      ];
    case 'unclear':
      process.exitCode = notClear;
      return [`Whether a Sentinel runs on the data folder ${dataDir} is not clear: ${found.why}.`];
  }
};

try {
  process.stdout.write(`${(await status()).map(harmless).join('\n')}\n`);
} catch (error) {
  if (!(error instanceof OperatorProblem)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
