import { timingSafeEqual } from 'node:crypto';
import type { Request, RequestHandler, Response } from 'express';
import type { Sentinel } from '../sentinel.ts';

export type OperatorOptions = {
  /** Undefined until the house is ready. */
  readonly sentinel: () => Sentinel | undefined;
  /** The key that only the operator's account can read. */
  readonly operatorKey: string;
};

export const problem = (response: Response, status: number, error: string): void =>
  void response.status(status).json({ error });

const holdsKey = (request: Request, key: string): boolean => {
  const given = Buffer.from(request.headers.authorization ?? '');
  const wanted = Buffer.from(`Bearer ${key}`);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
};

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
