import type { KeyId, Outcome } from '@sentinel/contracts/kernel';
import { type Hand, issueKey, revokeKey, rotateKey } from '../keys/index.ts';
import { type Html, html } from '../page/index.ts';
import { type DeskOptions, deskMetadata, refusalOf, type Visit } from './answering.ts';
import { sentFields, termsOf } from './grant-form.ts';

/** For so long the key before a rotated one still opens, where that is wanted. */
const overlapHours = 24;

const handOf = ({ house, visitor }: Visit, options: DeskOptions): Hand => ({
  ...{ keys: house.keys, grants: house.grants, pepper: options.pepper, newId: options.newId },
  ...{ by: visitor.by, at: options.now(), metadata: deskMetadata(visitor, options) },
});

const shownOnce = (outcome: Outcome<{ readonly key: string }>): Html =>
  outcome.ok
    ? html`<div role="status" class="told"><p>This is the key. It is shown this once and kept nowhere: copy it now.</p><p><code>${outcome.value.key}</code></p></div>`
    : refusalOf(outcome.refusal);

const alert = (what: string): Html => html`<p role="alert" class="alert">${what}</p>`;

export const issue = async (visit: Visit, options: DeskOptions): Promise<Html> => {
  const { form } = visit;
  const label = typeof form.label === 'string' ? form.label.trim() : '';
  if (!/^[!-~][ -~]{0,99}$/.test(label)) return alert('A name has 1 to 100 printable characters.');
  const read = termsOf(sentFields(form));
  if ('problem' in read) return alert(read.problem);
  return shownOnce(await issueKey({ label, terms: read.terms }, handOf(visit, options)));
};

/** A new secret that ends when the key would have ended before. */
export const rotate = async (visit: Visit, keyId: KeyId, options: DeskOptions): Promise<Html> => {
  const [newest] = (await visit.house.keys.newest(keyId))?.secrets ?? [];
  const overlaps = visit.form.overlap === 'yes';
  const previousUntil = overlaps ? options.now().add({ hours: overlapHours }) : null;
  const ends = { expiresAt: newest?.until ?? null, previousUntil };
  return shownOnce(await rotateKey(keyId, ends, handOf(visit, options)));
};

export const revoke = async (visit: Visit, keyId: KeyId, options: DeskOptions): Promise<Html> => {
  const { form } = visit;
  const reason = typeof form.reason === 'string' ? form.reason.trim().slice(0, 500) : '';
  const outcome = await revokeKey(keyId, reason === '' ? null : reason, handOf(visit, options));
  return outcome.ok
    ? html`<p role="status" class="told">Revoked: ${outcome.value.label} opens nothing from the next call on.</p>`
    : refusalOf(outcome.refusal);
};
