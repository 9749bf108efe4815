import { messages, tools } from '@sentinel/contracts';
import {
  annotationsOf,
  type MessageDefinition,
  type ToolDefinition,
} from '@sentinel/contracts/kernel';
import { wireName } from '../mcp/index.ts';
import { fieldRows, wireForm } from './schema-lines.ts';

type Entry = readonly [string, ToolDefinition<keyof typeof messages>];

const table = (rows: readonly string[]): string =>
  rows.length === 0 ? 'None.' : ['| field | type | |', '|---|---|---|', ...rows].join('\n');

const section = ([id, tool]: Entry): string => {
  const message: MessageDefinition = messages[tool.message];
  const { destructiveHint, readOnlyHint } = annotationsOf(tool, message);
  const kind =
    message.kind === 'query'
      ? 'Reads only.'
      : readOnlyHint
        ? 'Reads, and records what it saw.'
        : destructiveHint
          ? 'Acts, and cannot be undone.'
          : 'Acts.';
  return [
    `## ${id}`,
    `\`${wireName(id)}\` · ${tool.title} · ${message.kind} \`${tool.message}\` · scope \`${tool.scope}\`${tool.stops === true ? ', or any other: nothing stands between a user and the stop' : ''}. ${kind}`,
    tool.description,
    `Arguments:\n\n${table(fieldRows(wireForm(message.input)))}`,
    `Answer:\n\n${table(fieldRows(wireForm(message.output)))}`,
  ].join('\n\n');
};

const overview = (entries: readonly Entry[]): string =>
  [
    '| tool | kind | scope | |',
    '|---|---|---|---|',
    ...entries.map(
      ([id, tool]) =>
        `| [${id}](#${id.replaceAll('.', '')}) | ${messages[tool.message].kind} | ${tool.scope} | ${tool.title} |`,
    ),
  ].join('\n');

/** docs/reference/tools.md: every tool of the catalogue, as a client sees it. */
export const toolsPage = (): string => {
  const entries: readonly Entry[] = Object.entries(tools);
  return `${[
    '# Tools',
    'Written by `npm run reference` from the catalogue; do not edit. Tools are listed to clients with an underscore for the dot, and answered by both names. A field with ? may be left out. Money, prices and quantities are decimal strings.',
    overview(entries),
    ...entries.map(section),
  ].join('\n\n')}\n`;
};
