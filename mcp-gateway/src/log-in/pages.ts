import { type Html, html, lonePage, policyOf } from '../page/index.ts';

/** No form of these pages is sent by itself. */
export const pagePolicy = policyOf();

type Shown = { readonly byPasskey: boolean };

const page = (
  title: string,
  { form, to, use }: { readonly form: Html; readonly to: string; readonly use: string },
): string =>
  lonePage({
    title,
    scripts: html`<script src="/webauthn.js"></script>
    <script type="module" src="/log-in.mjs"></script>`,
    main: html`<form id="form" data-use="${use}" data-to="${to}">
        ${form}
      </form>
      <noscript><p>This page needs its own script, to speak to your passkey.</p></noscript>
      <p id="status" role="status"></p>`,
  });

const nameField = html`<label for="name">Your name, in small letters</label>
        <input id="name" name="name" required autocomplete="username webauthn" pattern="[a-z0-9_.\\-]{1,40}" />`;
const labelField = html`<label for="label">What the passkey is on, such as laptop</label>
        <input id="label" name="label" required />`;
const passwordField = (use: string): Html =>
  html`<label for="password">Password, of at least 14 characters</label>
        <input id="password" name="password" required type="password" autocomplete="${use}" />`;

/** `to` is one of our own paths. */
export const logInPage = ({ byPasskey, to }: Shown & { readonly to: string }): string =>
  page('Log in', {
    ...{ to, use: byPasskey ? 'log-in-passkey' : 'log-in-password' },
    form: byPasskey
      ? html`<p>Your passkey proves who you are.</p>
        <button type="submit" class="yes">Log in with a passkey</button>`
      : html`${nameField}
        ${passwordField('current-password')}
        <button type="submit" class="yes">Log in</button>`,
  });

export const setUpPage = ({ byPasskey }: Shown): string =>
  page('Set up your log-in', {
    ...{ to: '/desk/approvals', use: byPasskey ? 'set-up-passkey' : 'set-up-password' },
    form: byPasskey
      ? html`${nameField}
        ${labelField}
        <button type="submit" class="yes">Make a passkey</button>`
      : html`${nameField}
        ${passwordField('new-password')}
        <p class="meta">A passkey is safer; browsers take one over HTTPS or at localhost alone.</p>
        <button type="submit" class="yes">Keep this password</button>`,
  });
