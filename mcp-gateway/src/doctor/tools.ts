import { z } from 'zod';
import { mcpHeaders } from './door.ts';
import { bad, type Finding, good, warning } from './finding.ts';
import { ask, objectIn, type World } from './world.ts';

const listSchema = z.object({
  result: z.object({
    tools: z.array(z.looseObject({ name: z.string() })),
    nextCursor: z.string().optional(),
  }),
});

/** One name outside this hides every tool in claude.ai and Claude Desktop. */
const namePattern = /^[a-zA-Z0-9_-]{1,64}$/;
const mostPages = 20;
/** What some clients other than Claude send of a list, and what leaves a conversation its room. */
const mostTools = 40;
const mostTokens = 25_000;
const charactersPerToken = 4;

/** The message of an answer, which comes as JSON or as the data of an event. */
const messageIn = (text: string): unknown =>
  objectIn(text) ?? objectIn(/^data: ?(.*)$/m.exec(text)?.[1] ?? '');

type Listed = { readonly names: readonly string[]; readonly characters: number };

const list = async (
  world: World,
  door: URL,
  token: string | undefined,
): Promise<Listed | string> => {
  const names: string[] = [];
  let characters = 0;
  let cursor: string | undefined;
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await ask(world, door, {
      method: 'POST',
      headers: { ...mcpHeaders, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify({ jsonrpc: '2.0', id: page, method: 'tools/list', params: { cursor } }),
    });
    if ('problem' in answer) return answer.problem;
    if (answer.status === 401) return 'the token is refused';
    const parsed = listSchema.safeParse(messageIn(answer.text));
    if (!parsed.success) return `it answers ${answer.status}, and no list of tools`;
    names.push(...parsed.data.result.tools.map(({ name }) => name));
    characters += JSON.stringify(parsed.data.result.tools).length;
    cursor = parsed.data.result.nextCursor;
    if (cursor === undefined) return { names, characters };
  }
  return `its list goes on after ${mostPages} pages`;
};

/** Whether every client can show the tools. */
export const checkTools = async (
  world: World,
  { door, token }: { readonly door: URL; readonly token: string | undefined },
): Promise<readonly Finding[]> => {
  const check = 'tools';
  const listed = await list(world, door, token);
  if (typeof listed === 'string') return [bad({ check, says: `${door.href}: ${listed}.` })];
  const { names, characters } = listed;
  const wrong = names.filter((name) => !namePattern.test(name));
  const tokens = Math.ceil(characters / charactersPerToken);
  const size = `${names.length} tools, about ${tokens} tokens`;
  return [
    wrong.length === 0 && names.length > 0
      ? good(check, `Every name is one that Claude takes.`)
      : bad({
          ...{
            check,
            says:
              names.length === 0
                ? 'There are none.'
                : `Claude takes no such name: ${wrong.join(', ')}.`,
          },
          mend: 'One such name hides every tool: A-Z, a-z, 0-9, _ and -, at most 64.',
        }),
    tokens > mostTokens
      ? warning({
          ...{ check: 'size of the list', says: `${size}.` },
          mend: 'Offer fewer by ?toolsets=… in the address.',
        })
      : good(
          'size of the list',
          names.length > mostTools
            ? `${size}. Some clients other than Claude send the first ${mostTools} alone.`
            : `${size}.`,
        ),
  ];
};
