import { grantTermsSchema } from '@sentinel/contracts/access';
import type { Approver } from '@sentinel/contracts/approval';
import { instantSchema, keyIdSchema, type NewId, type Outcome } from '@sentinel/contracts/kernel';
import { systemClock } from '@sentinel/infra/runtime';
import type { Request, Response, Router } from 'express';
import { z } from 'zod';
import { type Hand, issueKey, revokeKey, rotateKey } from '../keys/index.ts';
import { operatorPrincipal } from '../log-in/index.ts';
import type { Sentinel } from '../sentinel.ts';
import { parseBody } from './body.ts';
import { forOperator, type OperatorOptions, problem } from './operator.ts';

export type KeyRouteOptions = OperatorOptions & {
  readonly newId: NewId;
  /** With what digests of keys are made. */
  readonly pepper: string;
};

const issueSchema = z.strictObject({
  label: z.string().regex(/^[!-~][ -~]{0,99}$/, 'the name must be 1 to 100 printable characters'),
  terms: grantTermsSchema,
});
const rotateSchema = z.strictObject({
  expiresAt: instantSchema.nullable(),
  previousUntil: instantSchema.nullable(),
});
const revokeSchema = z.strictObject({ reason: z.string().min(1).max(500).nullable() });

/** What a body holds; undefined after it was answered that it does not do. */
const read = <Schema extends z.ZodType>(
  schema: Schema,
  request: Request,
  response: Response,
): z.output<Schema> | undefined => {
  const body = parseBody(typeof request.body === 'string' ? request.body : '');
  const parsed = schema.safeParse(body.ok ? body.value : undefined);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  problem(
    response,
    400,
    `What was asked cannot be read: ${issue?.path.join('.')} ${issue?.message}.`,
  );
  return undefined;
};

/** Answers what `shown` makes of it, or why not. */
const tell = <Value>(
  response: Response,
  outcome: Outcome<Value>,
  shown: (value: Value) => object,
): void => {
  if (outcome.ok) response.json(shown(outcome.value));
  else problem(response, 409, `${outcome.refusal.message} ${outcome.refusal.remedy}`);
};

/** The way by which a human at the machine gives keys out and takes them back. No tool leads here. */
export const keyRoutes = (router: Router, options: KeyRouteOptions): void => {
  const guarded = forOperator(options);
  const principal = operatorPrincipal(options.operatorKey);
  const by: Approver = { principal, identifiedBy: 'operator_key', through: 'command' };
  const handOf = ({ keys, grants }: Sentinel): Hand => {
    const correlationId = options.newId();
    const metadata = { principal, client: 'keys', tool: 'keys', correlationId };
    return {
      ...{ keys, grants, pepper: options.pepper, newId: options.newId, by, at: systemClock() },
      metadata: { ...metadata, causationId: correlationId },
    };
  };
  const keyIdOf = ({ params }: Request) => keyIdSchema.safeParse(params.keyId).data;
  const unknown = (response: Response) => problem(response, 404, 'There is no such key.');

  router.get(
    '/keys',
    guarded(
      async (_request, response, house) => void response.json({ keys: await house.keyList() }),
    ),
  );
  router.post(
    '/keys',
    guarded(async (request, response, house) => {
      const asked = read(issueSchema, request, response);
      if (asked === undefined) return;
      tell(response, await issueKey(asked, handOf(house)), ({ keyId, key }) => ({
        ...{ key_id: keyId, key },
      }));
    }),
  );
  router.post(
    '/keys/:keyId/rotate',
    guarded(async (request, response, house) => {
      const keyId = keyIdOf(request);
      if (keyId === undefined) return unknown(response);
      const ends = read(rotateSchema, request, response);
      if (ends === undefined) return;
      tell(response, await rotateKey(keyId, ends, handOf(house)), ({ key }) => ({
        ...{ key_id: keyId, key },
      }));
    }),
  );
  router.post(
    '/keys/:keyId/revoke',
    guarded(async (request, response, house) => {
      const keyId = keyIdOf(request);
      if (keyId === undefined) return unknown(response);
      const asked = read(revokeSchema, request, response);
      if (asked === undefined) return;
      tell(response, await revokeKey(keyId, asked.reason, handOf(house)), () => ({
        key_id: keyId,
      }));
    }),
  );
};
