import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Approver } from '@sentinel/contracts/approval';

/** Who looks at the desk: a human who has logged in, or whoever has shown the operator's key. */
export type DeskVisitor = {
  /** As the log names who did it. */
  readonly by: Approver;
  /** What a form of theirs carries for one purpose, and no page of others can know. */
  readonly formToken: (purpose: string) => string;
  readonly tookForm: (purpose: string, token: unknown) => boolean;
};

/** One way in which visitors of the desk are known. */
export type DeskVisitors = {
  /** Who sends a request; undefined where nobody has logged in. @throws AccessStoreUnavailable */
  readonly of: (request: IncomingMessage) => Promise<DeskVisitor | undefined>;
  readonly end: (request: IncomingMessage, response: ServerResponse) => Promise<void>;
};
