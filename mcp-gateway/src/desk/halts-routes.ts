import { beforeAll, type RequestContext } from '@sentinel/contracts/kernel';
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
import { timeOf } from './times.ts';

const contextOf = ({ visitor }: Visit, options: DeskOptions): RequestContext => ({
  metadata: deskMetadata(visitor, options),
  signal: AbortSignal.timeout(longestMs),
  progress: () => undefined,
});

const longestMs = 45_000;
/** Of the words for a halt that a human may give. */
const mostReason = 1_000;
const usualReason = 'The red button at the desk.';

/** What it comes to, in a word and a sentence. */
const summaryOf = ({ trading_state: state, halts }: Status): Html => {
  const stopped = state !== 'ACTIVE';
  const [word, sentence] = stopped
    ? ['Halted', 'No order that adds risk is taken. Exits still pass.']
    : halts.length > 0
      ? ['In part', 'What adds risk is refused where a halt stands, and taken elsewhere.']
      : ['Open', 'No halt stands: orders are taken.'];
  return html`<p class="state ${halts.length > 0 ? 'bad' : 'good'}"><strong>${word}</strong> ${sentence}</p>`;
};

type Status = Extract<
  Awaited<ReturnType<Visit['house']['handlers']['GetKillSwitchStatus']>>,
  { ok: true }
>['value'];

const haltOf = (
  {
    halt_id: id,
    scope,
    target,
    account,
    reason,
    engaged_by: by,
    engaged_at: at,
  }: Status['halts'][number],
  { pending_releases: releases }: Status,
): Html => {
  const asked = releases.find(({ halt_id: each }) => each === id);
  const of =
    target === null
      ? scope === 'global'
        ? 'Everything'
        : 'The account'
      : `The ${scope} ${target}`;
  return html`<li class="card">
        <h3>${of}${account === null ? '' : ` in account ${account}`}</h3>
        <p class="meta">Why it stands, in the words of whoever engaged it:</p>
        <blockquote>${reason === '' ? 'No reason was given.' : reason}</blockquote>
        <p class="meta">Engaged by ${by}, ${timeOf(at)}.</p>
        ${asked === undefined ? html`` : html`<p><a href="/desk/approvals">Its release is asked for, and waits for an answer</a> until ${timeOf(asked.expires_at)}.</p>`}
      </li>`;
};

const button = ({
  visitor,
}: Visit): Html => html`<form method="post" action="/desk/halts" class="danger">
        ${formToken(visitor)}
        <h2>Stop</h2>
        <p>Nothing that adds risk is taken from then on, in any session, strategy or symbol. Exits still pass. Only a human’s answer releases it.</p>
        <label for="reason">Why (kept with it)</label>
        <input id="reason" name="reason" maxlength="${mostReason}" value="${usualReason}" autocomplete="off" />
        <label class="choice"><input type="checkbox" name="cancel" value="yes" /> Cancel every working order, too</label>
        <button type="submit" class="red">Halt everything</button>
      </form>`;

const show = async (visit: Visit, options: DeskOptions, told?: Html): Promise<void> => {
  const { house, visitor } = visit;
  const last = house.lastAppend();
  const outcome = await house.handlers.GetKillSwitchStatus(
    last === beforeAll ? {} : { min_position: last },
    contextOf(visit, options),
  );
  const title = 'Halts';
  if (!outcome.ok) {
    // The button stays: whoever cannot be told what stands can still stop everything.
    const main = html`${told}${refusalOf(outcome.refusal)}${button(visit)}`;
    return send(visit, { status: 503, title, main, visitor });
  }
  const { halts } = outcome.value;
  const main = html`${told}
      ${summaryOf(outcome.value)}
      ${button(visit)}
      <h2>What stands</h2>
      ${
        halts.length === 0
          ? html`<p>No halt stands.</p>`
          : html`<ul class="cards">${halts.map((each) => haltOf(each, outcome.value))}</ul>`
      }
      <p class="meta">A release is asked for by whoever trades (<code>risk.kill_switch_disable</code>) and answered under <a href="/desk/approvals">Approvals</a>, never here.</p>`;
  return send(visit, { title, main, visitor });
};

/** Halts first; orders are canceled behind it, so that none is placed anew meanwhile. */
const haltEverything = async (visit: Visit, options: DeskOptions): Promise<Html> => {
  const { house, form } = visit;
  const given = typeof form.reason === 'string' ? form.reason.trim().slice(0, mostReason) : '';
  const reason = given === '' ? usualReason : given;
  const context = contextOf(visit, options);
  const halted = await house.handlers.EngageHalt({ scope: 'global', reason }, context);
  if (!halted.ok) return refusalOf(halted.refusal);
  const said = halted.value.already_engaged
    ? 'Everything was halted already.'
    : 'Everything is halted.';
  if (form.cancel !== 'yes') return html`<p role="status" class="told">${said}</p>`;
  const canceled = await house.handlers.CancelAll({ reason }, context);
  return canceled.ok
    ? html`<p role="status" class="told">${said} Every working order is being canceled.</p>`
    : html`<p role="status" class="told">${said}</p>${refusalOf(canceled.refusal)}`;
};

/** What stands still and why, and one button by which everything does. */
export const haltsRoutes = (router: Router, options: DeskOptions): void => {
  const serve = forVisitor(options);
  router.get(
    '/desk/halts',
    serve((visit) => show(visit, options)),
  );
  router.post(
    '/desk/halts',
    serve(async (visit) => show(visit, options, await haltEverything(visit, options))),
  );
};
