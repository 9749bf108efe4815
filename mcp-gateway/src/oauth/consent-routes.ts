import type { AccessStore, GrantTerms } from '@sentinel/contracts/access';
import { type EventMetadata, grantIdSchema, type NewId } from '@sentinel/contracts/kernel';
import type { Grants } from '@sentinel/services/access';
import express, { type Request, type RequestHandler, type Response, type Router } from 'express';
import type Provider from 'oidc-provider';
import { errors } from 'oidc-provider';
import type { LoggedIn, Sessions } from '../log-in/index.ts';
import { policyOf } from '../page/index.ts';
import { resourceScopes, scopeTextOf } from '../resource/index.ts';
import { keepClient } from './adapter.ts';
import { type ConsentForm, consentPage } from './consent-page.ts';
import { errorPage } from './error-page.ts';
import { termsOf, usualTerms } from './terms.ts';

export type ConsentOptions = {
  readonly provider: Provider;
  readonly store: AccessStore;
  readonly sessions: Sessions;
  readonly base: URL;
  /** Undefined until the house is ready. */
  readonly grants: () => Grants | undefined;
  readonly newId: NewId;
  /** Wall clock. */
  readonly now: () => Temporal.Instant;
};

type Asked = {
  readonly interaction: Awaited<ReturnType<Provider['interactionDetails']>>;
  readonly human: LoggedIn;
  readonly client: { readonly id: string; readonly name: string; readonly described: boolean };
  readonly redirect: URL;
};

const largestForm = '16kb';

const say = (response: Response, status: number, sentence: string): void =>
  void response
    .status(status)
    .set('Content-Security-Policy', errorPage.policy)
    .type('html')
    .send(errorPage.of(sentence));

const paramsOf = ({ params }: Asked['interaction']) => {
  const { client_id, redirect_uri, resource, scope } = params;
  return {
    clientId: `${client_id}`,
    redirect: `${redirect_uri}`,
    resources: [resource].flat().map(String),
    scopes: resourceScopes.filter((each) => `${scope}`.split(' ').includes(each)),
  };
};

const showForm = (
  response: Response,
  { interaction, human, client, redirect }: Asked,
  { form, problem }: { readonly form: ConsentForm; readonly problem?: string },
): void => {
  response
    .status(problem === undefined ? 200 : 400)
    // Browsers hold a form's policy against the redirect behind it as well.
    .set('Content-Security-Policy', policyOf("'self'", redirect.origin))
    .set('Referrer-Policy', 'same-origin')
    .type('html')
    .send(
      consentPage({
        ...{ client, redirect, form, human: human.principal },
        action: `/oauth/interaction/${interaction.uid}`,
        token: human.formToken(`consent ${interaction.uid}`),
        ...(problem !== undefined && { problem }),
      }),
    );
};

/** Writes the grant into the log, and gives what is remembered of OAuth the same id. */
const give = async (
  { interaction, human, client }: Asked,
  terms: GrantTerms,
  { provider, store, grants, newId, now }: ConsentOptions,
): Promise<{ readonly grantId: string } | { readonly problem: string }> => {
  const room = grants();
  if (room === undefined)
    return { problem: 'Sentinel is still starting. Try again in a few seconds.' };
  const given = scopeTextOf(terms.abilities);
  const { scopes } = paramsOf(interaction);
  // A token for nothing that it asked for is none: it would hear that the human had said no.
  if (!given.split(' ').some((scope) => scopes.includes(scope)))
    return { problem: `It asked for ${scopes.join(', ')}, and for nothing that you ticked.` };
  const grantId = grantIdSchema.parse(newId());
  const correlationId = newId();
  const metadata: EventMetadata = {
    ...{ principal: human.principal, client: 'consent page', tool: 'consent page' },
    ...{ correlationId, causationId: correlationId },
  };
  const { id, name } = client;
  const outcome = await room.execute(
    grantId,
    {
      type: 'GrantAccess',
      grant: { ...terms, grantId, client: { id, name }, principal: human.principal },
      ...{ by: human.by, at: now() },
    },
    metadata,
  );
  if (!outcome.ok) return { problem: `${outcome.refusal.message} ${outcome.refusal.remedy}` };
  const grant = new provider.Grant({ accountId: human.principal, clientId: id });
  grant.jti = grantId;
  const kept = resourceScopes.filter((scope) => !given.split(' ').includes(scope));
  for (const resource of paramsOf(interaction).resources) {
    grant.addResourceScope(resource, given);
    if (kept.length > 0) grant.rejectResourceScope(resource, kept.join(' '));
  }
  // They count among its own scopes as well, so that a client may register with them.
  grant.addOIDCScope(`openid offline_access ${given}`);
  if (kept.length > 0) grant.rejectOIDCScope(kept.join(' '));
  await grant.save();
  await keepClient(store, id);
  return { grantId };
};

/** The page on which a human says what a client may do. No tool leads here, and no key of a program. */
export const consentRoutes = (router: Router, options: ConsentOptions): void => {
  const { provider, sessions, base, now } = options;

  /** What is asked and by whom; undefined where that was answered already. */
  const asked = async (request: Request, response: Response): Promise<Asked | undefined> => {
    const { uid } = request.params;
    const interaction = await provider.interactionDetails(request, response).catch((error) => {
      if (error instanceof errors.SessionNotFound) return undefined;
      throw error;
    });
    if (interaction === undefined || interaction.uid !== uid) {
      say(response, 400, 'This page has ended, or belongs to another browser.');
      return undefined;
    }
    const human = await sessions.of(request);
    if (human === undefined) {
      response.redirect(303, `/log-in?to=${encodeURIComponent(`/oauth/interaction/${uid}`)}`);
      return undefined;
    }
    const { clientId, redirect } = paramsOf(interaction);
    const found = await provider.Client.find(clientId);
    if (found === undefined) {
      say(response, 400, 'The client is not registered any more.');
      return undefined;
    }
    const described = URL.canParse(clientId);
    const client = { id: clientId, name: found.clientName ?? 'A client without a name', described };
    return { interaction, human, client, redirect: new URL(redirect) };
  };

  const show: RequestHandler = async (request, response) => {
    const found = await asked(request, response);
    if (found !== undefined) showForm(response, found, { form: usualTerms });
  };

  const answer: RequestHandler = async (request, response) => {
    const found = await asked(request, response);
    if (found === undefined) return;
    const { origin } = request.headers;
    const form: Record<string, unknown> = { ...request.body };
    const isOurs = origin === undefined || origin === base.origin;
    if (!isOurs || !found.human.tookForm(`consent ${found.interaction.uid}`, form.form_token))
      return say(response, 403, 'The form did not come from this page.');
    if (form.answer !== 'yes')
      return provider.interactionFinished(request, response, {
        ...{ error: 'access_denied', error_description: 'The human said no.' },
      });
    const read = termsOf(form, now());
    const given = 'terms' in read ? await give(found, read.terms, options) : read;
    if ('problem' in given) {
      const text = (name: string) => (typeof form[name] === 'string' ? form[name] : '');
      const kept: ConsentForm = {
        abilities: [form.abilities].flat().map(String),
        ...{ symbols: text('symbols'), max_order_value: text('max_order_value') },
        ...{ max_day_value: text('max_day_value'), days: text('days') },
      };
      return showForm(response, found, { form: kept, problem: given.problem });
    }
    return provider.interactionFinished(
      request,
      response,
      {
        login: { accountId: found.human.principal, remember: false },
        consent: { grantId: given.grantId },
      },
      { mergeWithLastSubmission: false },
    );
  };

  router.get('/oauth/interaction/:uid', show);
  router.post(
    '/oauth/interaction/:uid',
    express.urlencoded({ extended: false, limit: largestForm }),
    answer,
  );
};
