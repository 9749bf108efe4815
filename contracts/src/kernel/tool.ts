import type { MessageDefinition } from './message.ts';

/**
 * What a caller must be allowed: `read` looks, `propose` has a human asked about an order, `trade` acts on
 * paper, `govern` rules, `admin` runs the house. None contains another.
 */
export const scopes = ['read', 'propose', 'trade', 'govern', 'admin'] as const;
export type Scope = (typeof scopes)[number];

export type ToolDefinition<Message extends string = string> = {
  readonly title: string;
  /** For the model: when to use it and what it answers. */
  readonly description: string;
  readonly scope: Scope;
  /** The command or query that it presents; schemas and annotations come from there. */
  readonly message: Message;
  /** True where a call can undo or end something that a later call cannot bring back. */
  readonly destructive?: boolean;
  /**
   * True of a command that only writes down what it looked at: a classification, a signal, a preview.
   * What it appends is the record of an answer, as a log of accesses is. No order, limit, halt, state of
   * a strategy or watchlist is another after it, so that by the protocol's word (a tool that "does not
   * modify its environment") it only reads.
   */
  readonly observes?: boolean;
  /**
   * True of what only stops new risk, and only a human undoes: whoever is let in at all may call it, whatever
   * else they may do. Nothing stands between a user and the stop.
   */
  readonly stops?: boolean;
};

/**
 * The hints of the protocol, told by the kind of message: nobody writes them by hand. Whether a tool
 * destroys or repeats is said of those alone that do more than read, as the protocol reads it.
 */
export const annotationsOf = (tool: ToolDefinition, message: MessageDefinition) => {
  const readOnlyHint = message.kind === 'query' || tool.observes === true;
  return {
    title: tool.title,
    readOnlyHint,
    ...(!readOnlyHint && { destructiveHint: tool.destructive === true }),
    openWorldHint: false,
  };
};
