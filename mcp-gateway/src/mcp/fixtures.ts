import type {
  GetPromptResult,
  InputRequiredResult,
  McpHttpHandler,
  ReadResourceResult,
  Server,
  ServerCapabilities,
  ServerContext,
} from '@modelcontextprotocol/server';
import type { Outcome, RequestContext } from '@sentinel/contracts/kernel';
import type { z } from 'zod';
import type { PromptDefinition } from './prompt.ts';

/** A tool that answers a result of the protocol by itself, of whatever content. */
export type FixtureTool = {
  readonly name: string;
  readonly description: string;
  readonly input: z.ZodObject;
  readonly handle: (
    input: object,
    context: RequestContext,
    exchange: ServerContext | undefined,
  ) => Promise<Outcome<object>>;
};

/** A prompt of whatever messages, which may ask its caller first. */
export type FixturePrompt = Omit<PromptDefinition, 'text'> & {
  readonly answer: (
    given: Readonly<Record<string, string | undefined>>,
    exchange: ServerContext,
  ) => GetPromptResult | InputRequiredResult;
};

export type FixtureResource = {
  /** With `uriTemplate` it is a template, and with `uri` it has one address. */
  readonly listed: {
    readonly name: string;
    readonly description: string;
    readonly mimeType: string;
  } & ({ readonly uri: string } | { readonly uriTemplate: string });
  /** Undefined where the address is not of this resource. */
  readonly read: (uri: string) => ReadResourceResult | undefined;
};

type Fetch = Pick<McpHttpHandler, 'fetch'>;

/** What the protocol's own suites ask a server for, which no product has a reason to hold. */
export type Fixtures = {
  readonly tools: readonly FixtureTool[];
  readonly prompts: readonly FixturePrompt[];
  readonly resources: readonly FixtureResource[];
  readonly capabilities: ServerCapabilities;
  readonly verifyState: (state: string, exchange: ServerContext) => Promise<unknown>;
  /** Sets what else a server answers. */
  readonly serve: (server: Server) => void;
  /** Serves clients of 2025 within sessions, by which a server can ask its client. */
  readonly withSessions: (
    handler: Fetch,
    makeServer: () => Server,
    onError: (error: unknown) => void,
  ) => Fetch;
};
