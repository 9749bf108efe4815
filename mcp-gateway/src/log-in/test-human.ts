import { testAuthenticator } from './test-authenticator.ts';

/** What a page's own script does with a browser: JSON from our own origin. */
type Sends = { readonly send: (to: string, init: RequestInit) => Promise<Response> };

export type TestHuman = {
  readonly post: (path: string, body: object) => Promise<Response>;
  /** Makes a passkey by a set-up link, and is logged in by it. */
  readonly setUp: (link: string, name: string) => Promise<Response>;
  /** Logs in by the passkey, at the page `at`. */
  readonly logIn: (at?: string) => Promise<Response>;
};

/** A person with a passkey at a browser. */
export const testHuman = (base: URL, browser: Sends): TestHuman => {
  const authenticator = testAuthenticator(base.origin);
  const post = (path: string, body: object) =>
    browser.send(path, {
      ...{ method: 'POST', body: JSON.stringify(body) },
      headers: { 'content-type': 'application/json', origin: base.origin },
    });
  const asked = async (answer: Response) => (await answer.json()) as { readonly challenge: string };
  return {
    post,
    setUp: async (link, name) => {
      const token = new URL(link).hash.slice(1);
      const options = await post('/set-up/options', { token, name });
      if (!options.ok) return options;
      return post('/set-up', {
        token,
        name,
        response: authenticator.register(await asked(options)),
      });
    },
    logIn: async (at = '/log-in') =>
      post(at, { response: authenticator.sign(await asked(await post('/log-in/options', {}))) }),
  };
};
