import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AccessStore } from '@sentinel/contracts/access';
import type { Approver } from '@sentinel/contracts/approval';
import { sha256 } from '@sentinel/infra/runtime';
import { z } from 'zod';
import { cookieOf, setCookie } from './cookies.ts';
import { hmac, newSecret, sameText } from './secrets.ts';

const kind = 'HumanSession';
/** After an hour they log in anew; it is not prolonged. */
const sessionSeconds = 3_600;

const sessionSchema = z.strictObject({
  principal: z.string().startsWith('human:'),
  identifiedBy: z.enum(['passkey', 'password']),
});

/** A human who has logged in, and by what they are known. */
export type LoggedIn = z.output<typeof sessionSchema> & {
  /** What a form of theirs carries for one purpose, and no page of others can know. */
  readonly formToken: (purpose: string) => string;
  readonly tookForm: (purpose: string, token: unknown) => boolean;
  /** As the log names who did it. */
  readonly by: Approver;
};

export type Sessions = {
  readonly cookie: string;
  /** Who sends a request; undefined where nobody has logged in. @throws AccessStoreUnavailable */
  readonly of: (request: IncomingMessage) => Promise<LoggedIn | undefined>;
  /** Begins a session under a name of its own: what a browser carried before opens nothing. */
  readonly begin: (
    at: { readonly request: IncomingMessage; readonly response: ServerResponse },
    who: z.output<typeof sessionSchema>,
  ) => Promise<void>;
  readonly end: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
  /** Ends every session of theirs, in whatever browser. @throws AccessStoreUnavailable */
  readonly endAll: (principal: string) => Promise<void>;
};

const familyOf = (principal: string): string => `sessions of ${principal}`;

/** Sessions of humans in a browser. The store holds digests: whoever reads it can ride on none. */
export const humanSessions = (store: AccessStore, base: URL): Sessions => {
  const cookie = base.protocol === 'https:' ? '__Host-sentinel' : 'sentinel';
  const end: Sessions['end'] = async (request, response) => {
    const value = cookieOf(request, cookie);
    if (value !== undefined) await store.remove(kind, sha256(value));
    setCookie(response, { name: cookie, value: '', seconds: 0 });
  };
  return {
    cookie,
    of: async (request) => {
      const value = cookieOf(request, cookie);
      if (value === undefined) return undefined;
      const found = await store.find(kind, sha256(value));
      if (found === undefined) return undefined;
      const { principal, identifiedBy } = sessionSchema.parse(found.payload);
      const formToken = (purpose: string) => hmac(value, purpose);
      return {
        ...{ principal, identifiedBy, formToken },
        tookForm: (purpose, token) =>
          typeof token === 'string' && sameText(token, formToken(purpose)),
        by: { principal, identifiedBy, through: 'page' },
      };
    },
    begin: async ({ request, response }, who) => {
      const before = cookieOf(request, cookie);
      if (before !== undefined) await store.remove(kind, sha256(before));
      const value = newSecret();
      await store.put({
        ...{ kind, id: sha256(value), payload: sessionSchema.parse(who) },
        ...{ ttlSeconds: sessionSeconds, family: familyOf(who.principal), alias: null },
      });
      setCookie(response, { name: cookie, value, seconds: sessionSeconds });
    },
    end,
    endAll: (principal) => store.removeFamily(familyOf(principal)),
  };
};
