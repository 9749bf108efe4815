// Speaks to the passkey, or sends the password, and goes on to where the server says. The secret of a
// one-time link stands behind the # and leaves the address as soon as it was read.

const form = document.getElementById('form');
const status = document.getElementById('status');
if (form === null || status === null) throw new Error('the page has no form');
const { use = '', to = '' } = form.dataset;
const token = location.hash.slice(1);
if (token !== '') history.replaceState(null, '', location.pathname);

/** @param {string} path @param {object} body */
const send = async (path, body) => {
  const response = await fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
    cache: 'no-store',
    redirect: 'error',
  });
  const answer = await response.json();
  if (!response.ok) throw new Error(answer.error ?? `Sentinel answered ${response.status}.`);
  return answer;
};

/** @param {Record<string, string>} fields */
const prove = async (fields) => {
  const { startAuthentication, startRegistration } = globalThis.SimpleWebAuthnBrowser;
  const logIn = `/log-in?to=${encodeURIComponent(to)}`;
  if (use === 'log-in-password') return send(logIn, fields);
  if (use === 'set-up-password') return send('/set-up', { ...fields, token });
  if (use === 'log-in-passkey') {
    const optionsJSON = await send('/log-in/options', {});
    return send(logIn, { response: await startAuthentication({ optionsJSON }) });
  }
  const optionsJSON = await send('/set-up/options', { ...fields, token });
  return send('/set-up', { ...fields, token, response: await startRegistration({ optionsJSON }) });
};

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  status.textContent = 'One moment …';
  try {
    const fields = Object.fromEntries(
      [...new FormData(form)].map(([name, value]) => [name, `${value}`]),
    );
    const answer = await prove(fields);
    location.assign(answer.to);
  } catch (error) {
    status.textContent = `Not done: ${error instanceof Error ? error.message : error}`;
  }
});
