import { timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Scope } from '@sentinel/contracts/kernel';
import type { Request, RequestHandler, Response } from 'express';
import type { Authenticate } from '../auth/index.ts';
import { operatorPrincipal } from '../log-in/index.ts';
import type { Sentinel } from '../sentinel.ts';

export type OperatorOptions = {
  /** Undefined until the house is ready. */
  readonly sentinel: () => Sentinel | undefined;
  /** The key that only the operator's account can read. */
  readonly operatorKey: string;
};

export const problem = (response: Response, status: number, error: string): void =>
  void response.status(status).json({ error });

const holdsKey = ({ headers: { authorization = '' } }: IncomingMessage, key: string): boolean => {
  const given = Buffer.from(authorization);
  const wanted = Buffer.from(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};

/**
 * Commands at the machine ask for what they show by the tools that everybody has: whoever holds the
 * operator's key may look. For all else that key has ways of its own, where a human is asked.
 */
export const byOperatorKey =
  (operatorKey: string): Authenticate =>
  async (request) =>
    holdsKey(request, operatorKey)
      ? {
          ...{ name: operatorPrincipal(operatorKey), kind: 'human' },
          scopes: new Set<Scope>(['read']),
        }
      : 'unauthenticated';

/** Serves only who holds the operator's key, and only once the house is ready. */
export const forOperator =
  ({ sentinel, operatorKey }: OperatorOptions) =>
  (
    serve: (request: Request, response: Response, house: Sentinel) => Promise<void>,
  ): RequestHandler =>
  async (request, response) => {
    if (!holdsKey(request, operatorKey)) {
      return problem(response, 401, 'The operator key is missing or wrong.');
    }
    const house = sentinel();
    if (house === undefined) return problem(response, 503, 'Sentinel is still starting.');
    return serve(request, response, house);
  };
