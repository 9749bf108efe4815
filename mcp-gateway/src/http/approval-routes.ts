import { readFileSync } from 'node:fs';
import type { Approver } from '@sentinel/contracts/approval';
import type { EventMetadata, NewId } from '@sentinel/contracts/kernel';
import type { ShownRequest } from '@sentinel/services/approval';
import type { RequestHandler, Router } from 'express';
import { z } from 'zod';
import { parseBody } from './body.ts';
import { forOperator, type OperatorOptions, operatorPrincipal, problem } from './operator.ts';

export type ApprovalOptions = OperatorOptions & { readonly newId: NewId };

const answerSchema = z.strictObject({
  digest: z.string().length(64),
  approves: z.boolean(),
});

const wireOf = (request: ShownRequest) => ({
  ...request,
  requested_at: request.requested_at.toString(),
  expires_at: request.expires_at.toString(),
});

const file = (name: string): string =>
  readFileSync(new URL(`../desk/${name}`, import.meta.url), 'utf8');

/** Nothing from elsewhere, nothing inline, nowhere to send anything but here. */
const pagePolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const page = (name: string, type: string): RequestHandler => {
  const text = file(name);
  return (_request, response) =>
    void response.set('Content-Security-Policy', pagePolicy).type(type).send(text);
};

type Way = {
  readonly path: string;
  readonly through: Approver['through'];
  readonly client: string;
};

/** The operator's command and the page ask for the same; the log says which of them it was. */
const ways: readonly Way[] = [
  { path: '/approvals', through: 'command', client: 'approve' },
  { path: '/desk/approvals', through: 'page', client: 'approvals page' },
];

/**
 * The way by which a human answers what the model may not. It is no tool and needs the operator's key with
 * each call, in a header that no form and no foreign page can send: there is no session to ride on.
 */
export const approvalRoutes = (router: Router, options: ApprovalOptions): void => {
  const { newId } = options;
  const guarded = forOperator(options);
  const principal = operatorPrincipal(options.operatorKey);

  router.get('/desk/approvals', page('approvals.html', 'text/html'));
  router.get('/desk/approvals.css', page('approvals.css', 'text/css'));
  router.get('/desk/approvals.mjs', page('approvals.mjs', 'text/javascript'));

  for (const { path, through, client } of ways) {
    const pending = through === 'page' ? `${path}/pending` : path;
    router.get(
      pending,
      guarded(async (_request, response, { approvals }) => {
        const all = await approvals.list();
        const requests = all.filter(({ status }) => status === 'pending').map(wireOf);
        response.json({ requests });
      }),
    );

    router.get(
      `${path}/:requestId`,
      guarded(async (request, response, { approvals }) => {
        const found = await approvals.find(`${request.params.requestId}`);
        if (found === undefined) return problem(response, 404, 'There is no such request.');
        response.json({ request: wireOf(found) });
      }),
    );

    router.post(
      `${path}/:requestId`,
      guarded(async (request, response, { approvals }) => {
        const body = parseBody(typeof request.body === 'string' ? request.body : '');
        const answer = answerSchema.safeParse(body.ok ? body.value : undefined);
        if (!answer.success)
          return problem(response, 400, 'The answer must name the digest and say yes or no.');
        const correlationId = newId();
        const metadata: EventMetadata = {
          ...{ principal, client, tool: client },
          ...{ correlationId, causationId: correlationId },
        };
        const outcome = await approvals.answer(
          {
            requestId: `${request.params.requestId}`,
            ...answer.data,
            by: { principal, identifiedBy: 'operator_key', through },
          },
          metadata,
        );
        if (outcome.ok)
          response.json({ told: outcome.value.told, log_position: outcome.value.logPosition });
        else
          response.status(409).json({
            error: `${outcome.refusal.message} ${outcome.refusal.remedy}`,
            code: outcome.refusal.code,
          });
      }),
    );
  }
};
