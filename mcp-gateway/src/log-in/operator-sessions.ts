import type { ServerResponse } from 'node:http';
import { isBefore } from '@sentinel/contracts/kernel';
import { sha256 } from '@sentinel/infra/runtime';
import { cookieOf, setCookie } from './cookies.ts';
import { hmac, newSecret, sameText } from './secrets.ts';
import type { DeskVisitor, DeskVisitors } from './visitor.ts';

const cookie = 'sentinel-operator';
const sessionSeconds = 3_600;
const mostSessions = 100;

/** What was proved of whoever holds the key, and no more: a program may have read it, or a person. */
export const operatorPrincipal = (operatorKey: string): string =>
  `operator-key:${sha256(operatorKey).slice(0, 12)}`;

export type OperatorSessions = DeskVisitors & {
  /** Begins a session for whoever shows the key; false for any other text. */
  readonly begin: (response: ServerResponse, shown: string) => boolean;
};

/**
 * Sessions in a browser of whoever has shown the operator's key. They are kept in this process alone, as
 * digests, and end after an hour, with the process, or when they log out.
 */
export const operatorSessions = (options: {
  readonly operatorKey: string;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
}): OperatorSessions => {
  const { operatorKey, now } = options;
  const until = new Map<string, Temporal.Instant>();
  const by = {
    principal: operatorPrincipal(operatorKey),
    ...({ identifiedBy: 'operator_key', through: 'page' } as const),
  };
  const isOpen = (value: string): boolean => {
    const end = until.get(sha256(value));
    return end !== undefined && isBefore(now(), end);
  };
  return {
    begin: (response, shown) => {
      if (!sameText(shown, operatorKey)) return false;
      const value = newSecret();
      until.set(sha256(value), now().add({ seconds: sessionSeconds }));
      const [oldest] = until.keys();
      if (until.size > mostSessions && oldest !== undefined) until.delete(oldest);
      setCookie(response, { name: cookie, value, seconds: sessionSeconds });
      return true;
    },
    of: async (request): Promise<DeskVisitor | undefined> => {
      const value = cookieOf(request, cookie);
      if (value === undefined || !isOpen(value)) return undefined;
      const formToken = (purpose: string) => hmac(value, purpose);
      const tookForm: DeskVisitor['tookForm'] = (purpose, token) =>
        typeof token === 'string' && sameText(token, formToken(purpose));
      return { by, formToken, tookForm };
    },
    end: async (request, response) => {
      const value = cookieOf(request, cookie);
      if (value === undefined) return;
      until.delete(sha256(value));
      setCookie(response, { name: cookie, value: '', seconds: 0 });
    },
  };
};
