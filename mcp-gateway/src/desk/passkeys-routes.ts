import type { CredentialId } from '@sentinel/contracts/kernel';
import { credentialIdSchema } from '@sentinel/contracts/kernel';
import type { Router } from 'express';
import { humanName } from '../log-in/index.ts';
import { type Html, html } from '../page/index.ts';
import {
  type DeskOptions,
  deskMetadata,
  forVisitor,
  refusalOf,
  send,
  type Visit,
} from './answering.ts';
import { formToken } from './frame.ts';
import { timeOf } from './times.ts';

const title = 'Passkeys';

/** Whose passkeys a visitor looks after: their own, or those of whom the holder of the operator's key names. */
const nameOf = ({ visitor, request, form }: Visit): string | undefined => {
  const [, own] = /^human:(.*)$/s.exec(visitor.by.principal) ?? [];
  return own ?? humanName.safeParse(form.name ?? request.query.name).data;
};

const askName = html`<form method="get" action="/desk/passkeys">
        <label for="name">Whose passkeys, by the name that they log in with</label>
        <input id="name" name="name" required autocomplete="off" spellcheck="false" />
        <button type="submit" class="main">Look</button>
      </form>`;

const show = async (
  visit: Visit,
  { told = html``, status = 200 }: { readonly told?: Html; readonly status?: number } = {},
): Promise<void> => {
  const { house, visitor } = visit;
  const name = nameOf(visit);
  const known = name === undefined ? [] : [...(await house.passkeys.of(name)).values()];
  const cards = known.map(
    ({ label, at, credentialId }) => html`<li class="card">
        <h2>${label}</h2>
        <p class="meta">Made ${timeOf(at)}.</p>
        <form method="post" action="/desk/passkeys" class="danger">
          ${formToken(visitor)}
          <input type="hidden" name="name" value="${name}" />
          <input type="hidden" name="credential" value="${credentialId}" />
          <p>It logs nobody in from now on, and whoever is logged in as ${name} has to log in anew.</p>
          <button type="submit" class="red">Remove<span class="hidden"> the passkey ${label}</span></button>
        </form>
      </li>`,
  );
  const none = name === undefined ? html`` : html`<p>There is none of ${name}.</p>`;
  const listed = cards.length === 0 ? none : html`<ul class="cards">${cards}</ul>`;
  const main = html`${told}
      <p>By these one logs in and signs a yes. Who lost one makes another by <code>npm run set-up-link</code> at the machine, under the same name, and then removes the lost one here.</p>
      ${visitor.by.principal.startsWith('human:') ? html`` : askName}
      ${listed}`;
  send(visit, { title, main, visitor, status });
};

const remove = async (
  visit: Visit,
  { name, credentialId }: { readonly name: string; readonly credentialId: CredentialId },
  options: DeskOptions,
): Promise<void> => {
  const { house, visitor, response } = visit;
  const outcome = await house.passkeys.execute(
    name,
    { type: 'RemovePasskey', credentialId, by: visitor.by, at: options.now() },
    deskMetadata(visitor, options),
  );
  if (!outcome.ok) return show(visit, { told: refusalOf(outcome.refusal), status: 409 });
  // Somebody else may have logged in by it.
  await options.humans?.sessions.endAll(`human:${name}`);
  if (visitor.by.principal === `human:${name}`) return response.redirect(303, '/desk/passkeys');
  return show(visit, { told: html`<p role="status" class="told">Removed.</p>` });
};

/** By what people log in, and how what was lost is ended. */
export const passkeysRoutes = (router: Router, options: DeskOptions): void => {
  const serve = forVisitor(options);
  router.get(
    '/desk/passkeys',
    serve((visit) => show(visit)),
  );
  router.post(
    '/desk/passkeys',
    serve(async (visit) => {
      const name = nameOf(visit);
      const credentialId = credentialIdSchema.safeParse(visit.form.credential);
      if (name === undefined || !credentialId.success)
        return show(visit, {
          told: html`<p role="alert" class="alert">There is no such passkey.</p>`,
          status: 404,
        });
      return remove(visit, { name, credentialId: credentialId.data }, options);
    }),
  );
};
