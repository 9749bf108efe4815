import type { FixtureResource } from '../mcp/index.ts';
import { png } from './content.ts';

const described = (name: string, mimeType: string) => ({
  ...{ name, mimeType },
  description: 'Asked for by the suites of the protocol.',
});

const at = (
  uri: string,
  name: string,
  content: { readonly mimeType: string } & ({ readonly text: string } | { readonly blob: string }),
): FixtureResource => ({
  listed: { uri, ...described(name, content.mimeType) },
  read: (asked) => (asked === uri ? { contents: [{ uri, ...content }] } : undefined),
});

const numbered = /^test:\/\/template\/([^/]{1,100})\/data$/;

export const resources: readonly FixtureResource[] = [
  at('test://static-text', 'static-text', {
    mimeType: 'text/plain',
    text: 'This is the content of the static text resource.',
  }),
  at('test://static-binary', 'static-binary', { mimeType: 'image/png', blob: png }),
  at('test://watched-resource', 'watched-resource', {
    mimeType: 'text/plain',
    text: 'This resource can be watched, and never changes.',
  }),
  {
    listed: {
      uriTemplate: 'test://template/{id}/data',
      ...described('template', 'application/json'),
    },
    read: (uri) => {
      const [, id] = numbered.exec(uri) ?? [];
      if (id === undefined) return undefined;
      const text = JSON.stringify({ id, templateTest: true, data: `Data for ID: ${id}` });
      return { contents: [{ uri, mimeType: 'application/json', text }] };
    },
  },
];
