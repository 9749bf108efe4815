export { type Html, html } from './html.ts';
export { lonePage } from './lone-page.ts';
export { policyOf } from './policy.ts';
export { sheet } from './sheet.ts';
