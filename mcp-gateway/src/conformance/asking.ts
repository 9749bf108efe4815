import { randomBytes } from 'node:crypto';
import {
  createRequestStateCodec,
  type InputRequest,
  type InputRequests,
  inputRequired,
  type ServerContext,
} from '@modelcontextprotocol/server';

const codec = createRequestStateCodec<string>({ key: randomBytes(32) });

/** State that goes out sealed, and is read only when it comes back as it went. */
export const sealState = (state: string): Promise<string> => codec.mint(state);
export const verifyState = codec.verify;

type Schema = Extract<
  Parameters<typeof inputRequired.elicit>[0]['requestedSchema'],
  { type: 'object' }
>;

export const elicit = (message: string, properties: object, required: readonly string[] = []) =>
  inputRequired.elicit({
    message,
    requestedSchema: {
      type: 'object',
      properties: properties as Schema['properties'],
      ...(required.length > 0 && { required: [...required] }),
    },
  });

export const sample = (words: string, maxTokens = 100): InputRequest =>
  inputRequired.createMessage({
    messages: [{ role: 'user', content: { type: 'text', text: words } }],
    maxTokens,
  });

export const ask = (inputRequests: InputRequests, requestState?: string) =>
  inputRequired({ inputRequests, ...(requestState !== undefined && { requestState }) });

type Answer = { readonly [name: string]: unknown };

/** What the caller answered to one of the questions; undefined where that is no object, or nothing. */
export const answerTo = (exchange: ServerContext | undefined, key: string): Answer | undefined => {
  const answer: unknown = exchange?.mcpReq.inputResponses?.[key];
  return typeof answer === 'object' && answer !== null ? (answer as Answer) : undefined;
};

/** The words of an answer of a model. */
export const wordsOf = ({ content }: Answer): string => {
  const { text } = (Array.isArray(content) ? content[0] : content) as { readonly text?: unknown };
  return String(text);
};
