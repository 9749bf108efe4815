// The page on which a human answers what waits for one. It shows text of others as text alone, and sends
// its own token in a header that no other page can send.

import { signedBy } from './passkey.mjs';

const lookEveryMs = 2_000;

/** The request for which the human is asked once more, and whether for a yes. */
let asked = { id: '', approves: false };
let shown = '';

/** @param {string} id @returns {HTMLElement} */
const byId = (id) => {
  const found = document.getElementById(id);
  if (found === null) throw new Error(`the page has no ${id}`);
  return found;
};

/** @param {string} text */
const say = (text) => {
  if (byId('status').textContent !== text) byId('status').textContent = text;
};

/** The client's own words for itself, which prove nothing. @param {{ requested_by_client?: string | null }} request */
const callsItself = ({ requested_by_client: name }) =>
  typeof name === 'string' ? `, which calls itself “${name}”` : '';

/** @param {string} name @param {string} text @param {string} [className] */
const element = (name, text, className = '') =>
  Object.assign(document.createElement(name), { textContent: text, className });

/** @param {string} path @param {object} [body] */
const call = async (path, body) => {
  const response = await fetch(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      'content-type': 'application/json',
      'x-desk-token': byId('pending').dataset.token ?? '',
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    cache: 'no-store',
    credentials: 'same-origin',
    redirect: 'error',
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `Sentinel answered ${response.status}.`);
  return answer;
};

/** @param {{ request_id: string, digest: string, challenge?: string }} request @param {boolean} approves */
const answer = async (request, approves) => {
  asked = { id: '', approves: false };
  try {
    const { challenge } = request;
    const signs = approves && challenge !== undefined;
    if (signs) say('Your passkey signs this yes …');
    const proof = signs ? await signedBy(challenge) : undefined;
    const { told } = await call(`/desk/approvals/${encodeURIComponent(request.request_id)}`, {
      digest: request.digest,
      approves,
      ...(proof !== undefined && { proof }),
    });
    await look();
    say(told);
  } catch (error) {
    await look();
    say(`Not done: ${error instanceof Error ? error.message : error}`);
  }
};

/** @param {string} text @param {string} className @param {() => void} act */
const button = (text, className, act) => {
  const made = element('button', text, className);
  made.setAttribute('type', 'button');
  made.addEventListener('click', act);
  return made;
};

const buttonsOf = (request) => {
  const row = document.createElement('div');
  const isAsked = asked.id === request.request_id;
  /** @param {string} id @param {boolean} approves */
  const again = async (id, approves) => {
    asked = { id, approves };
    shown = '';
    await look();
    document.querySelector('[data-first]')?.focus();
  };
  if (isAsked) {
    const sure = button(
      asked.approves ? `Yes, exactly this: ${request.title}` : `No to: ${request.title}`,
      asked.approves ? 'yes' : 'no',
      () => answer(request, asked.approves),
    );
    const back = button('Back', '', () => again('', false));
    back.setAttribute('data-first', '');
    row.append(sure, back);
    return row;
  }
  const yes = button('Say yes …', 'yes', () => again(request.request_id, true));
  const no = button('Say no …', 'no', () => again(request.request_id, false));
  for (const each of [yes, no])
    each.setAttribute('aria-describedby', `title-${request.request_id}`);
  row.append(yes, no);
  return row;
};

/** What a promotion was judged by, a row each; what is not met says so in a word, not in a color alone. */
const tableOf = (criteria) => {
  const table = document.createElement('table');
  const row = (name, cells) => {
    const made = document.createElement('tr');
    made.append(...cells.map((cell) => element(name, cell)));
    return made;
  };
  const head = document.createElement('thead');
  head.append(row('th', ['Criterion', 'Measured', 'Needed', 'Met']));
  const body = document.createElement('tbody');
  body.append(
    ...criteria.map(({ criterion, measured, needed, met }) => {
      const made = row('td', [criterion, measured, needed, met ? 'yes' : 'NO']);
      if (!met) made.className = 'unmet';
      return made;
    }),
  );
  table.append(head, body);
  return table;
};

/** Until when, with the day: some requests wait longer than one. @param {string} instant */
const untilOf = (instant) =>
  new Date(instant).toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'short' });

const cardOf = (request) => {
  const card = document.createElement('li');
  card.className = 'request';
  const title = element('h3', request.title);
  title.id = `title-${request.request_id}`;
  const lines = document.createElement('ul');
  lines.className = 'lines';
  lines.append(...request.lines.map((line) => element('li', line)));
  card.append(title, lines);
  if (request.criteria !== undefined) card.append(tableOf(request.criteria));
  if (request.reason_given !== null)
    card.append(
      element('p', 'The reason given, in the words of whoever asks:', 'meta'),
      element('blockquote', request.reason_given),
    );
  card.append(
    element(
      'p',
      `Asked by ${request.requested_by}${callsItself(request)}. It can be answered until ${untilOf(request.expires_at)}.`,
      'meta',
    ),
    buttonsOf(request),
  );
  return card;
};

const show = (requests) => {
  const text = JSON.stringify([requests, asked]);
  if (text === shown) return;
  shown = text;
  byId('requests').replaceChildren(...requests.map(cardOf));
  byId('pending').hidden = false;
  const count = requests.length;
  say(
    count === 0
      ? 'Nothing waits. This page goes on looking.'
      : `${count} ${count === 1 ? 'request waits' : 'requests wait'}.`,
  );
};

const look = async () => {
  const { requests } = await call('/desk/approvals/pending');
  show(requests);
};

const goOnLooking = () => {
  setTimeout(async () => {
    try {
      await look();
    } catch (error) {
      shown = '';
      say(`Sentinel cannot be asked: ${error instanceof Error ? error.message : error}`);
    }
    goOnLooking();
  }, lookEveryMs);
};

try {
  await look();
} catch (error) {
  say(`Sentinel cannot be asked: ${error instanceof Error ? error.message : error}`);
}
goOnLooking();
