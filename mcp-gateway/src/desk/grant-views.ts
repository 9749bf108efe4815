import { type Ability, abilities, type Grant, type GrantTerms } from '@sentinel/contracts/access';
import { isBefore, money } from '@sentinel/contracts/kernel';
import type { GrantEvent } from '@sentinel/services/access';
import { type Html, html } from '../page/index.ts';
import type { TermFields } from './grant-form.ts';
import { timeOf } from './times.ts';

export const meanings: Readonly<Record<Ability, string>> = {
  look: 'Look: prices, orders, positions, results and the log.',
  propose: 'Propose: prepare an order for your yes or no.',
  trade: 'Trade on paper: place, change and cancel orders by itself, within the limits below.',
  govern: 'Govern: ask for limits, promotions and releases. You still answer each.',
};

const sum = (value: Grant['maxOrderValue']): string =>
  value === null ? 'no limit of its own' : `$${money.format(value)}`;

const names = (list: readonly string[] | null, any: string): string =>
  list === null ? any : list.join(', ') || 'none';

/** Whether it allows anything at `at`, in a word. */
export const standingOf = (
  { grant, standing }: { readonly grant: Grant; readonly standing: 'in_force' | 'revoked' },
  at: Temporal.Instant,
): 'in force' | 'expired' | 'revoked' => {
  if (standing === 'revoked') return 'revoked';
  return grant.expiresAt === null || isBefore(at, grant.expiresAt) ? 'in force' : 'expired';
};

const termsIn = (terms: GrantTerms): readonly (readonly [string, string | Html])[] => [
  ['May', terms.abilities.join(', ') || 'nothing'],
  ['Symbols', names(terms.symbols, 'any')],
  ['Accounts', names(terms.accounts, 'any')],
  ['In one order', sum(terms.maxOrderValue)],
  ['In a day', sum(terms.maxDayValue)],
  ['Ends', terms.expiresAt === null ? 'never' : timeOf(terms.expiresAt)],
];

/** The terms of a grant, and when it was used last where that is wanted. */
export const termList = (
  terms: GrantTerms,
  used?: { readonly last: Temporal.Instant | undefined },
): Html => {
  const last = used && (used.last === undefined ? 'not since this start' : timeOf(used.last));
  const pairs = [...termsIn(terms), ...(last === undefined ? [] : [['Last used', last] as const])];
  return html`<dl>${pairs.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
};

const done = {
  AccessGranted: 'Given',
  AccessChanged: 'Changed',
  AccessRevoked: 'Revoked',
} as const;

/** What was said of a grant, the newest first. */
export const historyOf = (events: readonly GrantEvent[]): Html => {
  const entries = events.toReversed().map(({ type, data }) => {
    const { version, by, at } = data;
    const reason = 'reason' in data && data.reason !== null ? data.reason : undefined;
    return html`<li class="card">
          <h3>${done[type]}: version ${version}</h3>
          <p class="meta">By ${by.principal}, ${timeOf(at)}.</p>
          ${reason === undefined ? html`` : html`<blockquote>${reason}</blockquote>`}
          ${type === 'AccessRevoked' ? html`` : termList(data.grant)}
        </li>`;
  });
  return html`<ol class="cards" reversed>${entries}</ol>`;
};

const field = (
  name: Exclude<keyof TermFields, 'abilities'>,
  label: string,
  fields: TermFields,
): Html => html`<label for="${name}">${label}</label>
        <input id="${name}" name="${name}" value="${fields[name]}" autocomplete="off" spellcheck="false" />`;

/** The fields in which a human says what a client may do. */
export const termInputs = (fields: TermFields): Html => {
  const boxes = abilities.map((each) => {
    const checked = fields.abilities.includes(each) ? html` checked` : html``;
    return html`<label class="choice"><input type="checkbox" name="abilities" value="${each}"${checked} /> ${meanings[each]}</label>`;
  });
  return html`<fieldset><legend>What it may do</legend>${boxes}</fieldset>
        ${field('symbols', 'Only these symbols (nothing for any)', fields)}
        ${field('accounts', 'Only these accounts (nothing for any)', fields)}
        ${field('max_order_value', 'At most in one order, in dollars (nothing for no limit of its own)', fields)}
        ${field('max_day_value', 'At most in all orders of a day, in dollars (nothing for no limit of its own)', fields)}
        ${field('ends', 'Ends at, in UTC, such as 2026-12-31 17:00 (nothing for never)', fields)}`;
};
