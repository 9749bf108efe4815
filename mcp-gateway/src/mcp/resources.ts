import { ResourceNotFoundError, type ServerContext } from '@modelcontextprotocol/server';
import type { ToolName } from '@sentinel/contracts';
import type { ResourceText } from '@sentinel/contracts/kernel';
import { ask, type Serve, type Serving, unanswered } from './ask.ts';
import type { Completes } from './completion-sources.ts';
import { allowedNow } from './gate.ts';
import { measured } from './measured.ts';
import type { Surface } from './surface.ts';

type Parts = Readonly<Record<string, Completes | null>>;

/** What stands at an address is what this tool answers to these arguments. */
type Template = {
  readonly listed: {
    readonly uriTemplate: string;
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly mimeType: string;
  };
  readonly tool: ToolName;
  readonly address: RegExp;
  readonly argumentsOf: (parts: readonly string[]) => object;
  /** The parts of the address and what completes each; null where nothing is known. */
  readonly parts: Parts;
};

const mimeType = 'application/json';

const templates: readonly Template[] = [
  {
    listed: {
      uriTemplate: 'sentinel://sessions/{account}/{day}',
      name: 'session',
      title: 'A trading session',
      description:
        'A trading session of an account, replayed: whether it comes out equal, the account as it stands at its end, the newest decisions. As audit.replay_session answers.',
      mimeType,
    },
    tool: 'audit.replay_session',
    address: /^sentinel:\/\/sessions\/([A-Za-z0-9_.-]{1,100})\/(\d{4}-\d{2}-\d{2})$/,
    argumentsOf: ([account, day]) => ({ session: `session-${account}-${day}` }),
    parts: { account: 'accounts', day: 'days' },
  },
  {
    listed: {
      uriTemplate: 'sentinel://orders/{id}/explanation',
      name: 'explanation',
      title: 'Why an order was decided so',
      description:
        'The decision behind an order, executed again over its recorded inputs, and its story line by line. As audit.explain_trade answers.',
      mimeType,
    },
    tool: 'audit.explain_trade',
    address: /^sentinel:\/\/orders\/([0-9a-f-]{36})\/explanation$/,
    argumentsOf: ([id]) => ({ audit_event_id: id }),
    parts: { id: 'orders' },
  },
  {
    listed: {
      uriTemplate: 'sentinel://backtests/{run}',
      name: 'backtest',
      title: 'A backtest',
      description: 'How far a run is, or its recorded result. As backtest.status answers.',
      mimeType,
    },
    tool: 'backtest.status',
    address: /^sentinel:\/\/backtests\/([0-9a-f-]{36})$/,
    argumentsOf: ([run]) => ({ run_id: run }),
    // A run is named by the answer that began it.
    parts: { run: null },
  },
];

/** An export is too long to be an answer: its tool names the address. */
const exported = {
  uriTemplate: 'sentinel://export/events/{after}-{last}.csv',
  name: 'events',
  title: 'Events of the log',
  description: 'Events behind one position up to another, as audit.export names them.',
  mimeType: 'text/csv',
};

const offered = (surface: Surface): readonly Template[] =>
  templates.filter(({ tool }) => surface.find(tool) !== undefined);

/** The parts of a template that is offered here; undefined of any other. */
export const partsOf = (surface: Surface, uriTemplate: string): Parts | undefined =>
  uriTemplate === exported.uriTemplate
    ? { after: null, last: null }
    : offered(surface).find(({ listed }) => listed.uriTemplate === uriTemplate)?.parts;

/** Refusals that say that there is nothing, or nothing for this caller. */
const nothingThere: ReadonlySet<string> = new Set([
  ...['FORBIDDEN', 'INSUFFICIENT_SCOPE', 'INVALID_ARGUMENT', 'NOT_OFFERED'],
  ...['UNKNOWN_SESSION', 'UNKNOWN_DECISION', 'UNKNOWN_RUN'],
]);

const starting = unanswered({
  code: 'UNAVAILABLE',
  message: 'Sentinel is still starting.',
  remedy: 'Try again in a few seconds.',
});

const readExported = async (serving: Serving, uri: string): Promise<ResourceText | undefined> => {
  const { sentinel, principal, newId, onFailure } = serving;
  const house = sentinel();
  if (house === undefined) throw starting;
  const allowed = await allowedNow(principal, serving);
  if (!allowed.ok) throw unanswered(allowed.refusal);
  if (!allowed.value.scopes.has('read')) return undefined;
  return house.readResource(uri).catch((error: unknown) => {
    const incident = newId();
    onFailure(incident, error);
    throw unanswered({
      code: 'UNAVAILABLE',
      message: `The resource cannot be read now; the log has it as ${incident}.`,
      remedy: 'Read system.health and try again later.',
    });
  });
};

const readAnswered = async (
  serving: Serving,
  uri: string,
  context: ServerContext,
): Promise<ResourceText | undefined> => {
  for (const { address, tool, argumentsOf } of templates) {
    const [, ...parts] = address.exec(uri) ?? [];
    if (parts.length === 0) continue;
    const outcome = await ask(serving, { tool, args: argumentsOf(parts) }, context);
    if (outcome.ok) return { mimeType, text: JSON.stringify(outcome.value) };
    if (nothingThere.has(outcome.refusal.code)) return undefined;
    throw unanswered(outcome.refusal);
  }
  return undefined;
};

/** What has an address, for whoever may read. None of the product is listed: each is named by an answer, or by its parts. */
export const serveResources: Serve = (server, serving) => {
  const beside = serving.surface.fixtures?.resources ?? [];
  server.setRequestHandler(
    'resources/list',
    measured('resources/list', serving, async () => ({
      resources: beside.flatMap(({ listed }) => ('uri' in listed ? [listed] : [])),
    })),
  );
  server.setRequestHandler(
    'resources/templates/list',
    measured('resources/templates/list', serving, async () => ({
      resourceTemplates: [
        exported,
        ...offered(serving.surface).map(({ listed }) => listed),
        ...beside.flatMap(({ listed }) => ('uriTemplate' in listed ? [listed] : [])),
      ],
    })),
  );
  server.setRequestHandler(
    'resources/read',
    measured('resources/read', serving, async ({ params: { uri } }, context) => {
      for (const { read } of beside) {
        const contents = read(uri);
        if (contents !== undefined) return contents;
      }
      const found =
        (await readAnswered(serving, uri, context)) ?? (await readExported(serving, uri));
      if (found === undefined) {
        const message =
          'There is nothing at this address; the templates say which addresses there are.';
        throw new ResourceNotFoundError(uri, message);
      }
      return { contents: [{ uri, mimeType: found.mimeType, text: found.text }] };
    }),
  );
};
