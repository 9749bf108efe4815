import { ProtocolError, ProtocolErrorCode, type Server } from '@modelcontextprotocol/server';
import type { Principal } from '../auth/index.ts';
import type { CallOptions } from './call.ts';

const unavailable = new ProtocolError(
  ProtocolErrorCode.InternalError,
  'The resource cannot be read now. Read system.health and try again later.',
);

const templates = [
  {
    uriTemplate: 'sentinel://export/events/{after}-{last}.csv',
    name: 'events',
    title: 'Events of the log',
    description: 'Events behind one position up to another, as audit.export names them.',
    mimeType: 'text/csv',
  },
];

/** What answers name by an address, for whoever may read. None is listed: each is named by an answer. */
export const serveResources = (
  server: Server,
  { sentinel, principal, newId, onFailure }: CallOptions & { readonly principal: Principal },
): void => {
  server.setRequestHandler('resources/list', async () => ({ resources: [] }));
  server.setRequestHandler('resources/templates/list', async () => ({
    resourceTemplates: [...templates],
  }));
  server.setRequestHandler('resources/read', async ({ params: { uri } }) => {
    const house = sentinel();
    if (house === undefined) throw unavailable;
    const found = principal.scopes.has('read')
      ? await house.readResource(uri).catch((error: unknown) => {
          onFailure(newId(), error);
          throw unavailable;
        })
      : undefined;
    if (found === undefined) {
      const message =
        'There is nothing at this address; audit.export names addresses that there are.';
      throw new ProtocolError(ProtocolErrorCode.InvalidParams, message);
    }
    return { contents: [{ uri, mimeType: found.mimeType, text: found.text }] };
  });
};
