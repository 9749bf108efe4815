import type { Approver } from '../approval/index.ts';
import type { EventMetadata, Json, Outcome, Sha256 } from '../kernel/index.ts';

/** Something that waits for a human, whatever it is about. */
export type PendingApproval = {
  readonly kind: 'halt_release' | 'promotion';
  /** Exactly what is asked, in its stored form, with who asked, why, and until when it can be answered. */
  readonly request: { readonly [field: string]: Json };
  /** Over the request: an approval names it, so that nothing else can be approved by it. */
  readonly digest: Sha256;
};

/** What a human says yes to, and who the human proved to be: `human:<name>`. */
export type Approval = {
  readonly requestId: string;
  readonly digest: string;
  readonly approvedBy: string;
  /** What was proved of them where they answered outside of any tool: it is recorded then. */
  readonly by?: Approver;
};

/** The way by which a human answers. It is judged again at that moment, and fails closed. */
export type Approvals = {
  /** Undefined when there is none of this id that could still be answered. */
  readonly find: (requestId: string) => Promise<PendingApproval | undefined>;
  readonly approve: (
    approval: Approval,
    metadata: EventMetadata,
  ) => Promise<
    Outcome<{
      readonly logPosition: string;
      /** One sentence: what holds from here on. */
      readonly outcome: string;
    }>
  >;
  /** Ends the request: nothing moves. */
  readonly decline: (
    answer: { readonly requestId: string; readonly digest: string; readonly by: Approver },
    metadata: EventMetadata,
  ) => Promise<Outcome<{ readonly logPosition: string; readonly outcome: string }>>;
};
