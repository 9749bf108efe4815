import { html, lonePage, policyOf } from '../page/index.ts';

export const errorPage = {
  policy: policyOf(),
  of: (what: string): string =>
    lonePage({
      title: 'This did not work',
      main: html`<p role="alert" class="alert">${what}</p>
      <p>Nothing was given. Begin again from your assistant.</p>`,
    }),
};
