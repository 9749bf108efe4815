import type { EventMetadata, NewId } from '@sentinel/contracts/kernel';
import type { Router } from 'express';
import { z } from 'zod';
import { parseBody } from './body.ts';
import { forOperator, type OperatorOptions, problem } from './operator.ts';

export type ApprovalOptions = OperatorOptions & { readonly newId: NewId };

const approvalSchema = z.strictObject({
  digest: z.string().length(64),
  approvedBy: z.string().min(1).max(100),
});

/** The way by which a human answers what the model may only ask. It is no tool and needs the operator's key. */
export const approvalRoutes = (router: Router, options: ApprovalOptions): void => {
  const { newId } = options;
  const guarded = forOperator(options);

  router.get(
    '/approvals/:requestId',
    guarded(async (request, response, { approvals }) => {
      const found = await approvals.find(`${request.params.requestId}`);
      if (found === undefined)
        return problem(response, 404, 'There is no such request, or it has ended already.');
      const { kind, request: asked, digest } = found;
      response.json({ kind, request: asked, digest });
    }),
  );

  router.post(
    '/approvals/:requestId',
    guarded(async (request, response, { approvals }) => {
      const body = parseBody(typeof request.body === 'string' ? request.body : '');
      const approval = approvalSchema.safeParse(body.ok ? body.value : undefined);
      if (!approval.success)
        return problem(response, 400, 'The approval must name the digest and who approves.');
      const principal = `human:${approval.data.approvedBy}`;
      const correlationId = newId();
      const metadata: EventMetadata = {
        principal,
        client: 'approve',
        tool: 'approve',
        correlationId,
        causationId: correlationId,
      };
      const { digest } = approval.data;
      const outcome = await approvals.approve(
        { requestId: `${request.params.requestId}`, digest, approvedBy: principal },
        metadata,
      );
      if (outcome.ok) {
        const { outcome: said, logPosition } = outcome.value;
        response.json({ approved: true, outcome: said, log_position: logPosition });
      } else problem(response, 409, `${outcome.refusal.message} ${outcome.refusal.remedy}`);
    }),
  );
};
