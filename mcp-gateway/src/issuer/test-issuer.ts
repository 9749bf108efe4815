import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

export type TestIssuer = {
  readonly name: string;
  /** Paths that were asked for, in order. */
  readonly asked: readonly string[];
  /** Answers everything in its own way; as an issuer does unless given. */
  readonly answerBy: (listener?: RequestListener) => void;
  /** Signs by a new key from now on, and forgets the one before. */
  readonly turnKey: () => Promise<void>;
  /** A token for a resource, with these claims and members of the header beside or instead of the usual. */
  readonly token: (
    resource: string,
    claims?: JWTPayload,
    header?: Readonly<Record<string, unknown>>,
  ) => Promise<string>;
  readonly publicKey: () => JWK;
  readonly close: () => void;
};

/** An authorization server as far as a resource knows one: its metadata, its keys and its tokens. */
export const startTestIssuer = async (now: () => Temporal.Instant): Promise<TestIssuer> => {
  let keys = await generateKeyPair('ES256', { extractable: true });
  let publicKey: JWK = {};
  const show = async () => {
    const kid = randomUUID();
    publicKey = { ...(await exportJWK(keys.publicKey)), kid, alg: 'ES256', use: 'sig' };
  };
  await show();
  const asked: string[] = [];
  let name = '';
  const asIssuer: RequestListener = ({ url }, response) => {
    const documents: Readonly<Record<string, object>> = {
      '/.well-known/oauth-authorization-server/desk': { issuer: name, jwks_uri: `${name}/keys` },
      '/desk/keys': { keys: [publicKey] },
    };
    const document = documents[`${url}`];
    response.writeHead(document === undefined ? 404 : 200).end(JSON.stringify(document ?? {}));
  };
  let listener = asIssuer;
  const server = createServer((request, response) => {
    asked.push(`${request.url}`);
    listener(request, response);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  name = `http://localhost:${typeof address === 'object' ? address?.port : 0}/desk`;
  return {
    ...{ name, asked, publicKey: () => publicKey },
    answerBy: (given = asIssuer) => {
      listener = given;
    },
    turnKey: async () => {
      keys = await generateKeyPair('ES256', { extractable: true });
      await show();
    },
    token: async (resource, claims = {}, header = {}) => {
      const at = Math.floor(now().epochMilliseconds / 1000);
      const usual = {
        iss: name,
        aud: resource,
        sub: 'ann',
        client_id: 'claude',
        jti: randomUUID(),
      };
      return new SignJWT({ ...usual, iat: at, exp: at + 600, ...claims })
        .setProtectedHeader({ alg: 'ES256', typ: 'at+jwt', kid: publicKey.kid ?? '', ...header })
        .sign(keys.privateKey);
    },
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
};
