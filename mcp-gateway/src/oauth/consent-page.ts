import { type Ability, abilities } from '@sentinel/contracts/access';
import { type Html, html, lonePage } from '../page/index.ts';

const means: Readonly<Record<Ability, string>> = {
  look: 'Look: prices, orders, positions, results and the log.',
  propose: 'Propose: prepare an order for your yes or no at the desk.',
  trade: 'Trade on paper: place, change and cancel orders by itself, within the limits below.',
  govern: 'Govern: ask for limits, promotions and releases. You still answer each at the desk.',
};

export type ConsentForm = {
  readonly abilities: readonly string[];
  readonly symbols: string;
  readonly max_order_value: string;
  readonly max_day_value: string;
  readonly days: string;
};

export type Consent = {
  readonly action: string;
  readonly token: string;
  readonly client: {
    readonly name: string;
    readonly id: string;
    /** Whether its own site describes it, so that its name is as good as that site. */
    readonly described: boolean;
  };
  /** Where the answer is sent. */
  readonly redirect: URL;
  readonly human: string;
  readonly form: ConsentForm;
  readonly problem?: string;
};

const boxes = ({ form }: Consent): readonly Html[] =>
  abilities.map((each) => {
    const checked = form.abilities.includes(each) ? html` checked` : html``;
    return html`<label class="choice"><input type="checkbox" name="abilities" value="${each}"${checked} /> ${means[each]}</label>`;
  });

const field = (
  name: Exclude<keyof ConsentForm, 'abilities'>,
  label: string,
  { form }: Consent,
): Html => html`<label for="${name}">${label}</label>
        <input id="${name}" name="${name}" value="${form[name]}" autocomplete="off" spellcheck="false" />`;

const whoAsks = ({ client, redirect, human }: Consent): Html => {
  const from = client.described
    ? `It is described at ${client.id}.`
    : 'It gave itself this name: nobody has proved it.';
  const local = redirect.protocol === 'http:' ? ', a program on this machine' : '';
  return html`<p><strong>${client.name}</strong> asks to act for ${human.slice('human:'.length)}. ${from}</p>
      <p class="meta">Your answer is sent to ${redirect.host}${local}. Go on only if you began this there.</p>`;
};

/** Asks a human what a client may do, and within what. */
export const consentPage = (consent: Consent): string => {
  const { problem, action, token } = consent;
  const trouble =
    problem === undefined ? html`` : html`<p role="alert" class="alert">${problem}</p>`;
  const main = html`${whoAsks(consent)}
      ${trouble}
      <form method="post" action="${action}">
        <input type="hidden" name="form_token" value="${token}" />
        <fieldset>
          <legend>What it may do</legend>
          ${boxes(consent)}
        </fieldset>
        ${field('symbols', 'Only these symbols (nothing for any)', consent)}
        ${field('max_order_value', 'At most in one order, in dollars (nothing for no limit of its own)', consent)}
        ${field('max_day_value', 'At most in all orders of a day, in dollars (nothing for no limit of its own)', consent)}
        ${field('days', 'Ends after how many days', consent)}
        <p class="meta">The limits of the house hold beside these. You can change or end this at the desk at any time.</p>
        <button type="submit" name="answer" value="no">No</button>
        <button type="submit" name="answer" value="yes" class="yes">Yes, this and no more</button>
      </form>`;
  return lonePage({ title: 'May it act for you?', main });
};
