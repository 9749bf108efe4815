import type { StandingGrant } from '@sentinel/contracts/access';
import { type GrantId, grantIdSchema } from '@sentinel/contracts/kernel';
import type { Router } from 'express';
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
import { fieldsOf, sentFields, type TermFields, termsOf } from './grant-form.ts';
import { historyOf, standingOf, termInputs, termList } from './grant-views.ts';

type Found = { readonly grantId: GrantId; readonly standing: StandingGrant };

/** What the page says above the grant, and what stands in its form where that was refused. */
type Told = { readonly told?: Html; readonly fields?: TermFields; readonly status?: number };

const listPage = async (visit: Visit, { now }: DeskOptions): Promise<void> => {
  const { house, visitor } = visit;
  const at = now();
  const rows = await house.accessLists.grants();
  const order = ['in force', 'expired', 'revoked'];
  const shown = rows
    .map((row) => ({ ...row, is: standingOf(row, at) }))
    .sort(
      (a, b) =>
        order.indexOf(a.is) - order.indexOf(b.is) ||
        Temporal.Instant.compare(b.changed_at, a.changed_at),
    );
  const cards = shown.map(
    ({ grant, is }) => html`<li class="card">
        <h2>${grant.client.name} <span class="tag ${is === 'in force' ? 'good' : 'bad'}">${is}</span></h2>
        <p class="meta">For ${grant.principal}. Known as ${grant.client.id}.</p>
        ${termList(grant, { last: house.lastUses.of(grant.grantId) })}
        <p><a href="/desk/grants/${grant.grantId}">Look, change or revoke<span class="hidden"> the grant of ${grant.client.name}</span></a></p>
      </li>`,
  );
  const main = html`<p>Who may do what. A change is in force from the next call on, with the same token. The limits of the house hold beside these.</p>
      ${cards.length === 0 ? html`<p>No client has a grant. A client gets one when a human logs in for it and says yes.</p>` : html`<ul class="cards">${cards}</ul>`}`;
  send(visit, { title: 'Grants', main, visitor });
};

const changeForm = ({ visitor }: Visit, { grantId, standing }: Found, fields: TermFields): Html =>
  html`<h2>Change</h2>
      <form method="post" action="/desk/grants/${grantId}">
        ${formToken(visitor)}
        <input type="hidden" name="version" value="${standing.version}" />
        ${termInputs(fields)}
        <button type="submit" class="main">In force from the next call</button>
      </form>
      <details>
        <summary>Revoke …</summary>
        <form method="post" action="/desk/grants/${grantId}/revoke" class="danger">
          ${formToken(visitor)}
          <p>It allows nothing from the next call on, and is never given back: the client would have to log in anew.</p>
          <label for="reason">Why (kept with it; nothing for no reason)</label>
          <input id="reason" name="reason" maxlength="500" autocomplete="off" />
          <button type="submit" class="red">Revoke for good</button>
        </form>
      </details>`;

const grantPage = async (
  visit: Visit,
  { told, ...found }: Found & { readonly told: Told },
  options: DeskOptions,
): Promise<void> => {
  const { house, visitor } = visit;
  const { grantId, standing } = found;
  const { grant, version } = standing;
  const is = standingOf(standing, options.now());
  const form = is === 'revoked' ? html`` : changeForm(visit, found, told.fields ?? fieldsOf(grant));
  const main = html`<p><a href="/desk/grants">All grants</a></p>
      ${told.told}
      <p><span class="tag ${is === 'in force' ? 'good' : 'bad'}">${is}</span> Version ${version}, for ${grant.principal}. The client is known as ${grant.client.id}.</p>
      ${termList(grant, { last: house.lastUses.of(grantId) })}
      ${form}
      <h2>History</h2>
      ${historyOf(await house.grants.history(grantId))}`;
  send(visit, { title: grant.client.name, main, visitor, status: told.status ?? 200 });
};

const find = async ({ request, house }: Visit): Promise<Found | undefined> => {
  const id = grantIdSchema.safeParse(request.params.grantId);
  if (!id.success) return undefined;
  const standing = await house.grants.newest(id.data);
  return standing && { grantId: id.data, standing };
};

const change = async (visit: Visit, { grantId }: Found, options: DeskOptions): Promise<Told> => {
  const { house, visitor, form } = visit;
  const fields = sentFields(form);
  const read = termsOf(fields);
  if ('problem' in read)
    return { fields, status: 400, told: html`<p role="alert" class="alert">${read.problem}</p>` };
  const outcome = await house.grants.execute(
    grantId,
    {
      type: 'ChangeAccess',
      terms: read.terms,
      version: Number(form.version),
      by: visitor.by,
      at: options.now(),
    },
    deskMetadata(visitor, options),
  );
  return outcome.ok
    ? {
        told: html`<p role="status" class="told">In force from the next call on, as version ${outcome.value.version}.</p>`,
      }
    : {
        // Where another was faster its terms are shown: what was typed would undo them unseen.
        ...(outcome.refusal.code !== 'ACCESS_CHANGED' && { fields }),
        ...{ status: 409, told: refusalOf(outcome.refusal) },
      };
};

const revoke = async (visit: Visit, { grantId }: Found, options: DeskOptions): Promise<Told> => {
  const { house, visitor, form } = visit;
  const reason = typeof form.reason === 'string' ? form.reason.trim().slice(0, 500) : '';
  const outcome = await house.grants.execute(
    grantId,
    {
      type: 'RevokeAccess',
      reason: reason === '' ? null : reason,
      by: visitor.by,
      at: options.now(),
    },
    deskMetadata(visitor, options),
  );
  return outcome.ok
    ? {
        told: html`<p role="status" class="told">Revoked: it allows nothing from the next call on.</p>`,
      }
    : { status: 409, told: refusalOf(outcome.refusal) };
};

/** Who may do what, and how a human widens, narrows and ends it. */
export const grantsRoutes = (router: Router, options: DeskOptions): void => {
  const serve = forVisitor(options);
  const onGrant = (act: (visit: Visit, found: Found) => Promise<Told>) =>
    serve(async (visit) => {
      const found = await find(visit);
      if (found === undefined) {
        const main = html`<p>There is no such grant. <a href="/desk/grants">All grants</a></p>`;
        return send(visit, { status: 404, title: 'Not found', main, visitor: visit.visitor });
      }
      const told = await act(visit, found);
      // What was done is shown as the log has it now, whoever else changed it meanwhile.
      return grantPage(visit, { ...((await find(visit)) ?? found), told }, options);
    });
  router.get(
    '/desk/grants',
    serve((visit) => listPage(visit, options)),
  );
  router.get(
    '/desk/grants/:grantId',
    onGrant(async () => ({})),
  );
  router.post(
    '/desk/grants/:grantId',
    onGrant((visit, found) => change(visit, found, options)),
  );
  router.post(
    '/desk/grants/:grantId/revoke',
    onGrant((visit, found) => revoke(visit, found, options)),
  );
};
