import { z } from 'zod';
import { bad, type Finding, good, warning } from './finding.ts';
import { type Answer, ask, type NoAnswer, objectIn, type World } from './world.ts';

const strings = z.array(z.string());
const resourceSchema = z.looseObject({
  resource: z.string(),
  authorization_servers: strings.min(1),
});
const issuerSchema = z.looseObject({
  issuer: z.string(),
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  registration_endpoint: z.url().optional(),
  code_challenge_methods_supported: strings.optional(),
  token_endpoint_auth_methods_supported: strings.optional(),
  grant_types_supported: strings.optional(),
  client_id_metadata_document_supported: z.boolean().optional(),
  authorization_response_iss_parameter_supported: z.boolean().optional(),
});
export type Issuer = z.output<typeof issuerSchema>;

const saysOf = (answer: Answer | NoAnswer): string =>
  'problem' in answer ? answer.problem : `it answers ${answer.status}`;

/** `/.well-known/<name>` of an address, with its path behind, as RFC 8414 and RFC 9728 have it. */
const wellKnown = (name: string, of: URL): URL =>
  new URL(`/.well-known/${name}${of.pathname === '/' ? '' : of.pathname}`, of);

type Read<Document> = { readonly finding?: Finding; readonly document?: Document };

const readDocument = async <Document>(
  world: World,
  url: URL,
  { check, schema, mend }: { check: string; schema: z.ZodType<Document>; mend: string },
): Promise<Read<Document>> => {
  const answer = await ask(world, url);
  if ('problem' in answer || answer.status !== 200)
    return { finding: bad({ check, says: `${url.href}: ${saysOf(answer)}.`, mend }) };
  const parsed = schema.safeParse(objectIn(answer.text));
  if (parsed.success) return { document: parsed.data };
  const [issue] = parsed.error.issues;
  const says = `${url.href} is not what it has to be: ${issue?.path.join('.')} ${issue?.message}.`;
  return { finding: bad({ check, says, mend }) };
};

export type Discovered = {
  readonly findings: readonly Finding[];
  readonly issuer?: Issuer | undefined;
};

const resourceCheck = 'protected resource';
const serverCheck = 'authorization server';

/** From the door to who gives tokens, the way that Claude goes. */
export const discover = async (
  world: World,
  { door, metadata }: { readonly door: URL; readonly metadata: URL | undefined },
): Promise<Discovered> => {
  const at = metadata ?? wellKnown('oauth-protected-resource', door);
  const resource = await readDocument(world, at, {
    ...{ check: resourceCheck, schema: resourceSchema },
    mend: 'Sentinel serves it with SENTINEL_AUTH_ENABLED=true; a proxy must pass /.well-known on.',
  });
  if (resource.document === undefined) return { findings: [resource.finding].flatMap(present) };
  const { resource: named, authorization_servers: servers } = resource.document;
  const first = servers[0] ?? '';
  const finding =
    named === door.href
      ? good(resourceCheck, `${at.href} names ${first}.`)
      : bad({
          ...{ check: resourceCheck, says: `${at.href} is about ${named}, and not ${door.href}.` },
          mend: 'Set SENTINEL_PUBLIC_URL to the address by which Claude reaches it.',
        });
  if (!URL.canParse(first))
    return { findings: [finding, bad({ check: serverCheck, says: `${first} is no address.` })] };
  const found = await readIssuer(world, new URL(first));
  return {
    findings: [finding, ...[found.finding].flatMap(present), ...issuerFindings(found, first)],
    issuer: found.document,
  };
};

const present = (finding: Finding | undefined): readonly Finding[] =>
  finding === undefined ? [] : [finding];

const readIssuer = async (world: World, issuer: URL): Promise<Read<Issuer>> => {
  const asked = {
    ...{ check: serverCheck, schema: issuerSchema },
    mend: 'Claude reads it there (RFC 8414), or at openid-configuration: a proxy must pass /.well-known on.',
  };
  const first = await readDocument(world, wellKnown('oauth-authorization-server', issuer), asked);
  if (first.document !== undefined) return first;
  const other = await readDocument(world, wellKnown('openid-configuration', issuer), asked);
  return other.document === undefined ? first : other;
};

const issuerFindings = ({ document }: Read<Issuer>, named: string): readonly Finding[] => {
  if (document === undefined) return [];
  const { issuer, grant_types_supported: grants = ['authorization_code'] } = document;
  const same = issuer.replace(/\/$/, '') === named.replace(/\/$/, '');
  const pkce = document.code_challenge_methods_supported?.includes('S256') === true;
  const refreshes = grants.includes('refresh_token');
  return [
    same
      ? good(serverCheck, `${issuer} answers as such.`)
      : bad({
          ...{
            check: serverCheck,
            says: `It calls itself ${issuer}, and the resource calls it ${named}.`,
          },
          mend: 'Both must be the same, letter by letter: set SENTINEL_PUBLIC_URL or OAUTH_ISSUER to it.',
        }),
    pkce
      ? good('PKCE', 'S256')
      : bad({
          check: 'PKCE',
          says: 'S256 is not among code_challenge_methods_supported.',
          mend: 'Claude needs it.',
        }),
    registrationFinding(document),
    ...(refreshes
      ? []
      : [
          warning({
            check: 'refresh',
            says: 'No refresh_token: people will log in again and again.',
          }),
        ]),
  ];
};

/** A document of the client is taken only where both are said; else Claude registers. */
const registrationFinding = (document: Issuer): Finding => {
  const check = 'client registration';
  const byDocument =
    document.client_id_metadata_document_supported === true &&
    document.token_endpoint_auth_methods_supported?.includes('none') === true;
  const byRegistration = document.registration_endpoint !== undefined;
  if (byDocument || byRegistration) {
    const ways = [
      ...(byDocument ? ['by its metadata document'] : []),
      ...(byRegistration ? ['by registration'] : []),
    ];
    return good(check, `Claude becomes known ${ways.join(' and ')}.`);
  }
  return bad({
    ...{ check, says: 'Claude can neither register nor be known by its metadata document.' },
    mend: 'Offer registration_endpoint, or client_id_metadata_document_supported: true together with none in token_endpoint_auth_methods_supported.',
  });
};
