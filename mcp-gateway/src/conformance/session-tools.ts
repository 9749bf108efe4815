import type { ServerContext } from '@modelcontextprotocol/server';
import { accepted, type Outcome } from '@sentinel/contracts/kernel';
import { z } from 'zod';
import type { FixtureTool } from '../mcp/index.ts';
import { answerTo, ask, elicit, sample, wordsOf } from './asking.ts';
import { result, text } from './content.ts';

const titled = (...options: readonly (readonly [string, string])[]) =>
  options.map(([value, title]) => ({ const: value, title }));
const three = ['option1', 'option2', 'option3'];

const defaults = {
  name: { type: 'string', description: 'A name', default: 'John Doe' },
  age: { type: 'integer', description: 'An age', default: 30 },
  score: { type: 'number', description: 'A score', default: 95.5 },
  status: { type: 'string', enum: ['active', 'inactive', 'pending'], default: 'active' },
  verified: { type: 'boolean', description: 'Whether it is verified', default: true },
};

const choices = {
  untitledSingle: { type: 'string', enum: three },
  titledSingle: {
    type: 'string',
    oneOf: titled(
      ['value1', 'First Option'],
      ['value2', 'Second Option'],
      ['value3', 'Third Option'],
    ),
  },
  legacyEnum: {
    type: 'string',
    enum: ['opt1', 'opt2', 'opt3'],
    enumNames: ['Option One', 'Option Two', 'Option Three'],
  },
  untitledMulti: { type: 'array', items: { type: 'string', enum: three } },
  titledMulti: {
    type: 'array',
    items: {
      anyOf: titled(
        ['value1', 'First Choice'],
        ['value2', 'Second Choice'],
        ['value3', 'Third Choice'],
      ),
    },
  },
};

const completed = (exchange: ServerContext | undefined, properties: object): Outcome<object> => {
  const answer = answerTo(exchange, 'answer');
  if (answer === undefined)
    return accepted(ask({ answer: elicit('Please look at these values.', properties) }));
  const { action, content } = answer;
  const words = `action=${String(action)}, content=${JSON.stringify(content)}`;
  return result(text(`Elicitation completed: ${words}`));
};

const nothing = z.strictObject({});

/** Tools that ask by a request of their own where the caller's revision has it so, within a session. */
export const sessionTools: readonly FixtureTool[] = [
  {
    name: 'test_sampling',
    description: "Asks the caller's model.",
    input: z.strictObject({ prompt: z.string() }),
    handle: async (input, _, exchange) => {
      const answer = answerTo(exchange, 'answer');
      return answer === undefined
        ? accepted(ask({ answer: sample((input as { readonly prompt: string }).prompt) }))
        : result(text(`LLM response: ${wordsOf(answer)}`));
    },
  },
  {
    name: 'test_elicitation',
    description: 'Asks who uses the caller.',
    input: z.strictObject({ message: z.string() }),
    handle: async (input, _, exchange) => {
      const answer = answerTo(exchange, 'answer');
      if (answer !== undefined) return result(text(`User response: ${JSON.stringify(answer)}`));
      const { message } = input as { readonly message: string };
      const properties = {
        username: { type: 'string', description: "User's response" },
        email: { type: 'string', description: "User's email address" },
      };
      return accepted(ask({ answer: elicit(message, properties, ['username', 'email']) }));
    },
  },
  {
    name: 'test_elicitation_sep1034_defaults',
    description: 'Asks with defaults.',
    input: nothing,
    handle: async (_, __, exchange) => completed(exchange, defaults),
  },
  {
    name: 'test_elicitation_sep1330_enums',
    description: 'Asks for choices.',
    input: nothing,
    handle: async (_, __, exchange) => completed(exchange, choices),
  },
];
