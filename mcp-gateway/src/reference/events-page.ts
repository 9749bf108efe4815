import { events } from '@sentinel/contracts';
import type { EventDefinition } from '@sentinel/contracts/kernel';
import { fieldRows, wireForm } from './schema-lines.ts';

const section = ([type, { version, schema }]: readonly [string, EventDefinition]): string =>
  [
    `## ${type}`,
    `Schema version ${version}.`,
    ['| field | type | |', '|---|---|---|', ...fieldRows(wireForm(schema))].join('\n'),
  ].join('\n\n');

/** docs/reference/events.md: every event that any stream holds, in its stored form. */
export const eventsPage = (): string =>
  `${[
    '# Events',
    'Written by `npm run reference` from the catalogue; do not edit. Fields are in their stored form: money, prices and quantities are decimal strings, instants ISO 8601 texts. Every event also carries its id, its time of recording, and metadata with principal, client, tool, correlation id and causation id, and where there is one the grant with its version, the declared model and the traceparent.',
    ...Object.entries<EventDefinition>(events).map(section),
  ].join('\n\n')}\n`;
