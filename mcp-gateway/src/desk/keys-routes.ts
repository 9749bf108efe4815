import { type KeyId, keyIdSchema } from '@sentinel/contracts/kernel';
import type { Router } from 'express';
import {
  type DeskOptions,
  deskMetadata,
  forVisitor,
  refusalOf,
  send,
  type Visit,
} from './answering.ts';
import { formToken } from './frame.ts';
import { type Html, html } from './html.ts';
import { timeOf } from './times.ts';

type Row = Awaited<ReturnType<Visit['house']['accessLists']['keys']>>[number];

const revokeForm = ({ visitor }: Visit, { key_id: id, label }: Row): Html => html`<details>
          <summary>Revoke …<span class="hidden"> the key ${label}</span></summary>
          <form method="post" action="/desk/keys/${id}/revoke" class="danger">
            ${formToken(visitor)}
            <p>It opens nothing from the next call on, and is never taken again.</p>
            <label for="reason-${id}">Why (kept with it; nothing for no reason)</label>
            <input id="reason-${id}" name="reason" maxlength="500" autocomplete="off" />
            <button type="submit" class="red">Revoke for good</button>
          </form>
        </details>`;

const cardOf = (visit: Visit, row: Row, at: Temporal.Instant): Html => {
  const { label, prefix, until, standing, issued_at: issued, previous, grant_id: grantId } = row;
  const over = until !== null && Temporal.Instant.compare(until, at) <= 0;
  const is = standing === 'revoked' ? 'revoked' : over ? 'expired' : 'in force';
  const used = visit.house.lastUses.of(row.key_id);
  return html`<li class="card">
        <h2>${label} <span class="tag ${is === 'in force' ? 'good' : 'bad'}">${is}</span></h2>
        <dl>
          <div><dt>Begins with</dt><dd><code>${prefix}</code></dd></div>
          <div><dt>May what</dt><dd><a href="/desk/grants/${grantId}">its grant says<span class="hidden">: ${label}</span></a></dd></div>
          <div><dt>Issued</dt><dd>${timeOf(issued)}</dd></div>
          <div><dt>Ends</dt><dd>${until === null ? 'never' : timeOf(until)}</dd></div>
          <div><dt>Last used</dt><dd>${used === undefined ? 'not since this start' : timeOf(used)}</dd></div>
          ${previous === null ? html`` : html`<div><dt>The one before</dt><dd><code>${previous.prefix}</code>${previous.until === null ? '' : html` opens until ${timeOf(previous.until)}`}</dd></div>`}
        </dl>
        ${is === 'revoked' ? html`` : revokeForm(visit, row)}
      </li>`;
};

const show = async (visit: Visit, options: DeskOptions, told?: Html): Promise<void> => {
  const { house, visitor } = visit;
  const rows = await house.accessLists.keys();
  const at = options.now();
  const shown = [...rows].sort(
    (a, b) =>
      a.standing.localeCompare(b.standing) || Temporal.Instant.compare(b.issued_at, a.issued_at),
  );
  const main = html`${told}
      <p>Keys of programs that cannot log in. A key is shown once, when it is issued; here stands what it begins with.</p>
      ${
        shown.length === 0
          ? html`<p>No key was ever issued.</p>`
          : html`<ul class="cards">${shown.map((row) => cardOf(visit, row, at))}</ul>`
      }`;
  send(visit, { title: 'Keys', main, visitor });
};

const revoke = async (visit: Visit, keyId: KeyId, options: DeskOptions): Promise<Html> => {
  const { house, visitor, form } = visit;
  const reason = typeof form.reason === 'string' ? form.reason.trim().slice(0, 500) : '';
  const outcome = await house.keys.execute(
    keyId,
    {
      type: 'RevokeKey',
      reason: reason === '' ? null : reason,
      ...{ by: visitor.by, at: options.now() },
    },
    deskMetadata(visitor, options),
  );
  return outcome.ok
    ? html`<p role="status" class="told">Revoked: ${outcome.value.label} opens nothing from the next call on.</p>`
    : refusalOf(outcome.refusal);
};

/** Which keys there are, when they were used, and how one is ended. */
export const keysRoutes = (router: Router, options: DeskOptions): void => {
  const serve = forVisitor(options);
  router.get(
    '/desk/keys',
    serve((visit) => show(visit, options)),
  );
  router.post(
    '/desk/keys/:keyId/revoke',
    serve(async (visit) => {
      const id = keyIdSchema.safeParse(visit.request.params.keyId);
      const told = id.success
        ? await revoke(visit, id.data, options)
        : html`<p role="alert" class="alert">There is no such key.</p>`;
      return show(visit, options, told);
    }),
  );
};
