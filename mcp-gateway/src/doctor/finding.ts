/** What one check found. */
export type Finding = {
  readonly check: string;
  /**
   * `missing` is what Claude needs from elsewhere and a start on loopback does not have; `unknown` is what
   * could not be looked at. Only `bad` is a fault.
   */
  readonly is: 'good' | 'warning' | 'bad' | 'missing' | 'unknown';
  readonly says: string;
  /** What a person can do about it. */
  readonly mend?: string | undefined;
};

type Words = Omit<Finding, 'is'>;
export const good = (check: string, says: string): Finding => ({ check, is: 'good', says });
export const bad = (words: Words): Finding => ({ ...words, is: 'bad' });
export const warning = (words: Words): Finding => ({ ...words, is: 'warning' });
export const missing = (words: Words): Finding => ({ ...words, is: 'missing' });
export const unknown = (words: Words): Finding => ({ ...words, is: 'unknown' });

/** What a server says may not steer a terminal, nor fill it. */
export const harmless = (text: string): string => text.replace(/[^\x20-\x7e]/g, '?').slice(0, 300);

const marks: Readonly<Record<Finding['is'], string>> = {
  good: 'ok     ',
  warning: 'look   ',
  bad: 'WRONG  ',
  missing: 'missing',
  unknown: 'unknown',
};

const widest = 22;

/** A line for each finding, and below it what mends it. */
export const linesOf = (findings: readonly Finding[]): readonly string[] =>
  findings.flatMap(({ check, is, says, mend }) => [
    `${marks[is]} ${check.padEnd(widest)} ${harmless(says)}`,
    ...(mend === undefined ? [] : [`${' '.repeat(widest + 9)}${mend}`]),
  ]);
