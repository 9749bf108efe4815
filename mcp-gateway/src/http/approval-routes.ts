import { type Approver, passkeyProofSchema } from '@sentinel/contracts/approval';
import type { EventMetadata, NewId } from '@sentinel/contracts/kernel';
import type { ShownRequest } from '@sentinel/services/approval';
import type { Request, RequestHandler, Response, Router } from 'express';
import { z } from 'zod';
import { formPurpose } from '../desk/index.ts';
import { type DeskVisitors, operatorPrincipal } from '../log-in/index.ts';
import { approvalChallenge } from '../proof/index.ts';
import type { Sentinel } from '../sentinel.ts';
import { keptProof } from './approval-proof.ts';
import { parseBody } from './body.ts';
import { clientNames } from './client-names.ts';
import { forOperator, type OperatorOptions, problem } from './operator.ts';

export type ApprovalOptions = OperatorOptions & {
  readonly newId: NewId;
  readonly onError: (error: unknown) => void;
  /** Who is logged in at the desk. */
  readonly visitors: DeskVisitors;
  /** Of the pages on which humans use their passkeys; undefined where none do. */
  readonly origin?: string | undefined;
};

const answerSchema = z.strictObject({
  digest: z.string().length(64),
  approves: z.boolean(),
  proof: passkeyProofSchema.optional(),
});

type Names = Awaited<ReturnType<typeof clientNames>>;

const wireOf = (request: ShownRequest, { identifiedBy }: Approver, names: Names) => ({
  ...request,
  requested_by_client: names.get(request.requested_by) ?? null,
  requested_at: request.requested_at.toString(),
  expires_at: request.expires_at.toString(),
  // Who came in by a passkey says yes by one; this is what it signs.
  ...(identifiedBy === 'passkey' && {
    challenge: approvalChallenge({
      ...{ requestId: request.request_id, requestDigest: request.digest },
    }),
  }),
});

type Answering = { readonly house: Sentinel; readonly by: Approver };

type Guard = (
  serve: (request: Request, response: Response, answering: Answering) => Promise<void>,
) => RequestHandler;

/** Lets in whoever holds the operator's key. */
const byKey = (options: ApprovalOptions, through: Approver['through']): Guard => {
  const principal = operatorPrincipal(options.operatorKey);
  const by = { principal, identifiedBy: 'operator_key', through } as const;
  return (serve) =>
    forOperator(options)((request, response, house) => serve(request, response, { house, by }));
};

/** Lets in who is logged in at the desk, too; their answer must bring the token of their own page. */
const byVisitor = (options: ApprovalOptions): Guard => {
  const byKeyOnly = byKey(options, 'page');
  return (serve) => async (request, response, next) => {
    const visitor =
      request.headers.authorization === undefined ? await options.visitors.of(request) : undefined;
    if (visitor === undefined) return byKeyOnly(serve)(request, response, next);
    if (request.method !== 'GET' && !visitor.tookForm(formPurpose, request.get('x-desk-token')))
      return problem(response, 403, 'This was not sent from your own page: load it again.');
    const house = options.sentinel();
    if (house === undefined) return problem(response, 503, 'Sentinel is still starting.');
    return serve(request, response, { house, by: visitor.by });
  };
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

const metadataOf = (
  { principal }: Approver,
  { client, newId }: { readonly client: string; readonly newId: NewId },
): EventMetadata => {
  const correlationId = newId();
  return { principal, client, tool: client, correlationId, causationId: correlationId };
};

/**
 * The way by which a human answers what the model may not. It is no tool, and needs with each call what no form
 * and no foreign page can send in a header: the operator's key, or the token of a page of whoever is logged in.
 */
export const approvalRoutes = (router: Router, options: ApprovalOptions): void => {
  const { newId } = options;
  for (const { path, through, client } of ways) {
    const guarded = through === 'page' ? byVisitor(options) : byKey(options, through);
    const pending = through === 'page' ? `${path}/pending` : path;
    router.get(
      pending,
      guarded(async (_request, response, { house, by }) => {
        const all = await house.approvals.list();
        const names = await clientNames(house, options.onError);
        const requests = all
          .filter(({ status }) => status === 'pending')
          .map((each) => wireOf(each, by, names));
        response.json({ requests });
      }),
    );

    router.get(
      `${path}/:requestId`,
      guarded(async (request, response, { house, by }) => {
        const found = await house.approvals.find(`${request.params.requestId}`);
        if (found === undefined) return problem(response, 404, 'There is no such request.');
        const names = await clientNames(house, options.onError);
        response.json({ request: wireOf(found, by, names) });
      }),
    );

    router.post(
      `${path}/:requestId`,
      guarded(async (request, response, { house, by }) => {
        const body = parseBody(typeof request.body === 'string' ? request.body : '');
        const answer = answerSchema.safeParse(body.ok ? body.value : undefined);
        if (!answer.success)
          return problem(response, 400, 'The answer must name the digest and say yes or no.');
        const { digest, approves, proof: shown } = answer.data;
        const requestId = `${request.params.requestId}`;
        const approved = { requestId, requestDigest: digest };
        const given = { by, approved, approves, proof: shown };
        const proof = await keptProof(given, { house, origin: options.origin });
        if (proof === 'unproved')
          return problem(response, 403, 'Your passkey must sign exactly this yes.');
        const outcome = await house.approvals.answer(
          { requestId, digest, approves, by, ...(proof && { proof }) },
          metadataOf(by, { client, newId }),
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
