import { timingSafeEqual } from 'node:crypto';
import { localhostHostValidation } from '@modelcontextprotocol/express';
import type { Telemetry } from '@sentinel/infra/telemetry';
import express, { type Express, type RequestHandler } from 'express';
import { problem } from './operator.ts';

const guarded =
  (token: string): RequestHandler =>
  ({ headers }, response, next) => {
    const given = Buffer.from(headers.authorization ?? '');
    const wanted = Buffer.from(`Bearer ${token}`);
    if (given.length === wanted.length && timingSafeEqual(given, wanted)) return next();
    response.setHeader('WWW-Authenticate', 'Bearer');
    problem(response, 401, 'METRICS_TOKEN is missing or wrong.');
  };

/**
 * All that listens on the port of the metrics. With a token, whoever bears it is answered, at any address;
 * without one, programs of this machine alone, and no page that a browser has open.
 */
export const metricsApp = ({
  scrape,
  token,
}: {
  readonly scrape: NonNullable<Telemetry['scrape']>;
  readonly token: string | undefined;
}): Express => {
  const app = express();
  app.disable('x-powered-by');
  app.use(token === undefined ? localhostHostValidation() : guarded(token));
  app.get('/metrics', (request, response) => scrape(request, response));
  app.use((_request, response) => problem(response, 404, 'Metrics are at /metrics.'));
  return app;
};
