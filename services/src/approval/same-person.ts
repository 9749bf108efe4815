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
