import { abilities } from '@sentinel/contracts/access';
import { testAuthenticator } from './log-in/test-authenticator.ts';
import { browserAt, connect, type TestBrowser, usualYes } from './oauth/test-flow.ts';

/** A human who set up their log-in by the link that the machine printed: the browser in which they are. */
export const setUpHuman = async (
  { base, firstLink }: { readonly base: URL; readonly firstLink: string },
  name = 'ann',
): Promise<TestBrowser> => {
  const browser = browserAt(base);
  const token = new URL(firstLink).hash.slice(1);
  const post = async (path: string, body: object) => {
    const answer = await browser.send(path, {
      ...{ method: 'POST', body: JSON.stringify({ token, name, ...body }) },
      headers: { 'content-type': 'application/json', origin: base.origin },
    });
    if (!answer.ok) throw new Error(`${path} answers ${answer.status}: ${await answer.text()}`);
    return answer.json();
  };
  const authenticator = testAuthenticator(base.origin);
  const asked = (await post('/set-up/options', {})) as Parameters<typeof authenticator.register>[0];
  await post('/set-up', { response: authenticator.register(asked) });
  return browser;
};

/** The token of a client of its own, which the human lets do everything. */
export const letIn = async (base: URL, human: TestBrowser): Promise<string> => {
  const answer = { ...usualYes, abilities };
  const { tokens } = await connect({ base, browser: async () => human }, { answer });
  return tokens.access_token;
};
