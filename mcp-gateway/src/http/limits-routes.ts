import type { NewId } from '@sentinel/contracts/kernel';
import type { Router } from 'express';
import { z } from 'zod';
import { operatorPrincipal } from '../log-in/index.ts';
import { parseBody } from './body.ts';
import { forOperator, type OperatorOptions, problem } from './operator.ts';

const adoptionSchema = z.strictObject({
  digest: z.string().length(64),
});

/** Shows how the environment's limits differ from those in force, and puts them in force. */
export const limitsRoutes = (
  router: Router,
  options: OperatorOptions & { readonly newId: NewId },
): void => {
  const guarded = forOperator(options);

  router.get(
    '/limits',
    guarded(async (_request, response, { limits }) => {
      const { inForce, differences, digest } = await limits.compare();
      response.json({ version: inForce.version, differences, digest });
    }),
  );

  router.post(
    '/limits',
    guarded(async (request, response, { limits }) => {
      const body = parseBody(typeof request.body === 'string' ? request.body : '');
      const adoption = adoptionSchema.safeParse(body.ok ? body.value : undefined);
      if (!adoption.success) return problem(response, 400, 'The adoption must name the digest.');
      const { digest } = adoption.data;
      const correlationId = options.newId();
      const outcome = await limits.adopt(
        { digest },
        {
          principal: operatorPrincipal(options.operatorKey),
          client: 'limits',
          tool: 'limits',
          correlationId,
          causationId: correlationId,
        },
      );
      if (outcome.ok) response.json({ version: outcome.value.version });
      else problem(response, 409, `${outcome.refusal.message} ${outcome.refusal.remedy}`);
    }),
  );
};
