/** Markup that may be sent as it stands; made by `html` alone. */
export type Html = { readonly markup: string };

type Value = string | number | Html | undefined | readonly Html[];

/** Text of others as text alone. */
const asText = (text: string): string =>
  text.replace(/[&<>"']/g, (each) => `&#${each.charCodeAt(0)};`);

const markupOf = (value: Value): string => {
  if (value === undefined) return '';
  if (typeof value === 'string' || typeof value === 'number') return asText(`${value}`);
  return 'markup' in value ? value.markup : value.map(({ markup }) => markup).join('');
};

/** Markup around values: what is not markup itself is shown as text, whatever stands in it. */
export const html = (parts: TemplateStringsArray, ...values: readonly Value[]): Html => ({
  markup: parts.map((part, index) => `${part}${markupOf(values[index])}`).join(''),
});
