import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { expect } from 'vitest';
import type { TestHouse } from './test-house.ts';

/** An answer as a client sees it: a test reads what it expects to be there. */
// biome-ignore lint/suspicious/noExplicitAny: what is not there makes the test fail.
export type Answer = { readonly [field: string]: any };

export type TestClient = {
  /** What a tool answers; throws the text of a refusal. */
  readonly call: (name: string, args?: object) => Promise<Answer>;
  /** The text with which a tool refuses; throws when it answers. */
  readonly refusal: (name: string, args?: object) => Promise<string>;
  /** Asks until `is` holds of the answer. */
  readonly until: (name: string, args: object, is: (answer: Answer) => boolean) => Promise<Answer>;
  readonly client: Client;
  readonly close: () => Promise<void>;
};

const mostLooks = 400;

/** A real client of the house, at one of its doors. */
export const testClient = async (
  house: Pick<TestHouse, 'url'>,
  path = '/mcp',
): Promise<TestClient> => {
  const client = new Client({ name: 'tools-test', version: '1' });
  await client.connect(new StreamableHTTPClientTransport(house.url(path)));
  const asked = async (name: string, args: object): Promise<Answer> =>
    client.callTool({ name, arguments: { ...args } });
  const call = async (name: string, args: object = {}): Promise<Answer> => {
    const result = await asked(name, args);
    if (result.isError) throw new Error(`${name}: ${result.content[0].text}`);
    expect(JSON.parse(result.content[0].text)).toEqual(result.structuredContent);
    return result.structuredContent;
  };
  return {
    call,
    refusal: async (name, args = {}) => {
      const result = await asked(name, args);
      if (!result.isError) throw new Error(`${name} answered ${result.content[0].text}`);
      return result.content[0].text;
    },
    until: async (name, args, is) => {
      for (let look = 0; look < mostLooks; look++) {
        const answer = await call(name, args);
        if (is(answer)) return answer;
      }
      throw new Error(`${name} never came to it`);
    },
    client,
    close: () => client.close(),
  };
};
