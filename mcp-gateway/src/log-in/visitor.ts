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

/** Where people log in. */
export type Humans = {
  readonly sessions: DeskVisitors & {
    /** Ends every session of theirs, in whatever browser. @throws AccessStoreUnavailable */
    readonly endAll: (principal: string) => Promise<void>;
  };
  /** Of the pages on which they do and use their passkeys, such as `https://sentinel.example`. */
  readonly origin: string;
  /** The page on which they do; it leads on to the page that `?to=` names. */
  readonly logInAt: string;
};

/** Known by one or the other; who is known by both is who the first says, and ends both. */
export const eitherOf = (first: DeskVisitors, second: DeskVisitors): DeskVisitors => ({
  of: async (request) => (await first.of(request)) ?? (await second.of(request)),
  end: async (request, response) => {
    await first.end(request, response);
    await second.end(request, response);
  },
});
