import { join } from 'node:path';
import { SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import { introductionOf, surfaceOf } from '../mcp/index.ts';
import { eventsPage } from './events-page.ts';
import { toolsPage } from './tools-page.ts';

const root = join(import.meta.dirname, '..', '..', '..');

const usual = surfaceOf({ readOnly: false, toolsets: undefined });

/** Every generated file with the content that it must have. */
export const pages = (): readonly { readonly file: string; readonly content: string }[] => [
  { file: join(root, 'docs', 'reference', 'tools.md'), content: toolsPage() },
  { file: join(root, 'docs', 'reference', 'events.md'), content: eventsPage() },
  {
    // What clients see, to the letter: a change of the surface shows in the diff of this file.
    file: join(root, 'mcp-gateway', 'src', 'tools.pinned.json'),
    content: `${JSON.stringify(surfaceOf({ readOnly: false, toolsets: ['all'] }).listed, null, 2)}\n`,
  },
  {
    // What a client of standard input is told while its first start still installs.
    file: join(root, 'infra', 'launch', 'introduction.json'),
    content: `${JSON.stringify({ protocolVersions: SUPPORTED_PROTOCOL_VERSIONS, ...introductionOf(usual, undefined) }, null, 2)}\n`,
  },
];
