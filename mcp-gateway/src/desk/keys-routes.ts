import { keyIdSchema } from '@sentinel/contracts/kernel';
import type { Router } from 'express';
import { type Html, html } from '../page/index.ts';
import { type DeskOptions, forVisitor, send, type Visit } from './answering.ts';
import { formToken } from './frame.ts';
import { termInputs } from './grant-views.ts';
import { issue, revoke, rotate } from './key-hand.ts';
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

const rotateForm = ({ visitor }: Visit, { key_id: id, label }: Row): Html => html`<details>
          <summary>Rotate …<span class="hidden"> the key ${label}</span></summary>
          <form method="post" action="/desk/keys/${id}/rotate">
            ${formToken(visitor)}
            <p>A new key takes its place, with the same grant and the same end.</p>
            <label class="choice"><input type="checkbox" name="overlap" value="yes" checked /> The key before opens for 24 hours more</label>
            <button type="submit" class="main">Show a new key</button>
          </form>
        </details>`;

const usual = {
  ...{ abilities: ['look'], symbols: '', accounts: '' },
  ...{ max_order_value: '', max_day_value: '', ends: '' },
};

const issueForm = ({ visitor }: Visit): Html => html`<details>
        <summary>Issue a key …</summary>
        <form method="post" action="/desk/keys">
          ${formToken(visitor)}
          <label for="label">For which program</label>
          <input id="label" name="label" required maxlength="100" autocomplete="off" />
          ${termInputs(usual)}
          <button type="submit" class="main">Issue and show it once</button>
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
        ${is === 'revoked' ? html`` : html`${rotateForm(visit, row)}${revokeForm(visit, row)}`}
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
      ${issueForm(visit)}
      ${
        shown.length === 0
          ? html`<p>No key was ever issued.</p>`
          : html`<ul class="cards">${shown.map((row) => cardOf(visit, row, at))}</ul>`
      }`;
  send(visit, { title: 'Keys', main, visitor });
};

/** Which keys there are, when they were used, and how one is ended. */
export const keysRoutes = (router: Router, options: DeskOptions): void => {
  const serve = forVisitor(options);
  router.get(
    '/desk/keys',
    serve((visit) => show(visit, options)),
  );
  router.post(
    '/desk/keys',
    serve(async (visit) => show(visit, options, await issue(visit, options))),
  );
  const onKey = (act: typeof revoke) =>
    serve(async (visit) => {
      const id = keyIdSchema.safeParse(visit.request.params.keyId);
      const told = id.success
        ? await act(visit, id.data, options)
        : html`<p role="alert" class="alert">There is no such key.</p>`;
      return show(visit, options, told);
    });
  router.post('/desk/keys/:keyId/rotate', onKey(rotate));
  router.post('/desk/keys/:keyId/revoke', onKey(revoke));
};
