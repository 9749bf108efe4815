import { type ApprovalRequestId, type Outcome, refused } from '@sentinel/contracts/kernel';

/** The kinds of principals that name a person. Others name a program, or a key that anybody may hold. */
const personal = /^(?:local|human):(.*)$/s;

/** As a person reads it: neither case nor width nor blanks make another person of a name. */
const nameIn = (principal: string): string | undefined =>
  personal.exec(principal)?.[1]?.normalize('NFKC').trim().replace(/\s+/g, ' ').toLowerCase();

/**
 * Whether two principals are one and the same, or one and the same person who came in two ways:
 * `local:alice` asks and `human:alice` answers.
 */
export const isSamePerson = (a: string, b: string): boolean => {
  const name = nameIn(a);
  return a === b || (name !== undefined && name === nameIn(b));
};

/** Who proved to be a person: a program that acts for one is `local:` or `agent:`. */
export const isHuman = (principal: string): boolean => /^human:\s*\S/.test(principal);

/**
 * Whose yes is a human's. Until people log in, the key that only the operator's account can read stands for
 * one: it is no caller of tools, and the log says that no more was proved.
 */
const answersAsHuman = (principal: string): boolean =>
  isHuman(principal) || /^operator-key:./.test(principal);

/** Why this principal may not answer a wish, whatever it is for; undefined where it may. */
export const mayNotAnswer = (
  principal: string,
  {
    requestId,
    requestedBy,
  }: { readonly requestId: ApprovalRequestId; readonly requestedBy: string },
): Extract<Outcome<unknown, 'HUMAN_REQUIRED' | 'SAME_PRINCIPAL'>, { ok: false }> | undefined => {
  if (!answersAsHuman(principal))
    return refused(
      'HUMAN_REQUIRED',
      `${principal === '' ? 'Nobody' : principal} is not known to be a human, and a program approves nothing.`,
      `A human runs \`npm run approve -- ${requestId}\` at the machine that Sentinel runs on.`,
    );
  if (isSamePerson(principal, requestedBy))
    return refused(
      'SAME_PRINCIPAL',
      `${requestedBy} asked for it, and nobody answers a request of their own.`,
      'Another human must answer it.',
    );
  return undefined;
};
