import { abilities, type GrantTerms, grantTermsSchema } from '@sentinel/contracts/access';
import { money } from '@sentinel/contracts/kernel';
import type { Form } from './answering.ts';

/** What a grant allows, as the fields of a form hold it. */
export type TermFields = {
  readonly abilities: readonly string[];
  readonly symbols: string;
  readonly accounts: string;
  readonly max_order_value: string;
  readonly max_day_value: string;
  readonly ends: string;
};

/** The fields of a form that says these terms. */
export const fieldsOf = (terms: GrantTerms): TermFields => ({
  abilities: terms.abilities,
  symbols: terms.symbols?.join(', ') ?? '',
  accounts: terms.accounts?.join(', ') ?? '',
  max_order_value: terms.maxOrderValue === null ? '' : money.format(terms.maxOrderValue),
  max_day_value: terms.maxDayValue === null ? '' : money.format(terms.maxDayValue),
  ends:
    terms.expiresAt
      ?.toString()
      .replace('T', ' ')
      .replace(/(:00)?Z$/, '') ?? '',
});

const mostOfField = 2_000;

const textIn = (form: Form, name: string): string => {
  const value = form[name];
  return typeof value === 'string' ? value.trim().slice(0, mostOfField) : '';
};

/** A form as it was sent: a box that is not ticked is not sent, and an empty field is none. */
export const sentFields = (form: Form): TermFields => ({
  abilities: [form.abilities ?? []].flat().map(String),
  symbols: textIn(form, 'symbols'),
  accounts: textIn(form, 'accounts'),
  max_order_value: textIn(form, 'max_order_value'),
  max_day_value: textIn(form, 'max_day_value'),
  ends: textIn(form, 'ends'),
});

const listOf = (text: string): readonly string[] | null =>
  text === '' ? null : text.split(/[\s,]+/).filter((each) => each !== '');

const minutes = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?$/;

const problems: Readonly<Record<string, string>> = {
  symbols: 'Symbols are letters such as AAPL, parted by commas.',
  accounts: 'An account is a name of at most 100 characters.',
  expiresAt: 'The end is a time such as 2026-12-31 17:00, or nothing.',
};

/** The terms that a form says, or a sentence of what is wrong with it. */
export const termsOf = (
  fields: TermFields,
): { readonly terms: GrantTerms } | { readonly problem: string } => {
  const { ends } = fields;
  if (ends !== '' && !minutes.test(ends)) return { problem: `${problems.expiresAt}` };
  const parsed = grantTermsSchema.safeParse({
    abilities: abilities.filter((each) => fields.abilities.includes(each)),
    symbols: listOf(fields.symbols.toUpperCase()),
    accounts: listOf(fields.accounts),
    maxOrderValue: fields.max_order_value === '' ? null : fields.max_order_value,
    maxDayValue: fields.max_day_value === '' ? null : fields.max_day_value,
    expiresAt: ends === '' ? null : `${ends.replace(' ', 'T')}Z`,
  });
  if (parsed.success) return { terms: parsed.data };
  const [field] = parsed.error.issues[0]?.path ?? [];
  return {
    problem:
      problems[`${String(field)}`] ??
      'A value is a number of dollars such as 1000 or 99.50, or nothing.',
  };
};
