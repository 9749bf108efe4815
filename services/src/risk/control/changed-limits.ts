import {
  accepted,
  type Json,
  type Outcome,
  parseDecimal,
  refused,
} from '@sentinel/contracts/kernel';
import { type RiskLimits, riskLimitsSchema } from '@sentinel/contracts/risk';
import { tighterWhen } from './limit-directions.ts';
import { type LimitDifference, limitDifferences } from './limits-adoption.ts';

export type LimitChange = { readonly limit: string; readonly value: string | number };

/** Limits as they would be, in two steps: what is tighter alone, and all of it. */
export type ChangedLimits = {
  readonly tightened: RiskLimits;
  readonly wanted: RiskLimits;
  readonly tighter: readonly LimitDifference[];
  readonly looser: readonly LimitDifference[];
};

type Document = { [member: string]: Json };

const places = 6;

const listOf = (text: string): string[] =>
  text
    .split(',')
    .map((each) => each.trim().toUpperCase())
    .filter((each) => each !== '')
    .sort();

/** The value in the form in which the document holds the limit: a list, a number, or a decimal as text. */
const formOf = (limit: string, value: string | number, stands: Json | undefined): Json => {
  if (tighterWhen[limit] === 'longer') return listOf(`${value}`);
  const isText = typeof stands === 'string' || limit === 'approval.aboveValue';
  if (isText) return `${value}`;
  return typeof value === 'string' && /^\d{1,15}$/.test(value.trim()) ? Number(value) : value;
};

const put = (document: Document, limit: string, value: string | number): void => {
  const [section = '', name] = limit.split('.');
  if (name === undefined) {
    document[section] = formOf(limit, value, document[section]);
    return;
  }
  const part = { ...((document[section] ?? {}) as Document) };
  part[name] = formOf(limit, value, part[name]);
  document[section] = part;
};

const withChanges = (limits: RiskLimits, changes: readonly LimitChange[]) => {
  const document = structuredClone(riskLimitsSchema.encode(limits)) as Document;
  for (const { limit, value } of changes) put(document, limit, value);
  return riskLimitsSchema.safeParse(document);
};

const isTighter = ({ limit, inForce, wanted }: LimitDifference): boolean => {
  const way = tighterWhen[limit];
  if (way === 'longer') {
    const before = JSON.parse(inForce === 'absent' ? '[]' : inForce) as string[];
    const after = JSON.parse(wanted === 'absent' ? '[]' : wanted) as string[];
    return before.every((symbol) => after.includes(symbol));
  }
  if (inForce === 'absent') return true;
  const before = parseDecimal(inForce, places);
  const after = parseDecimal(wanted, places);
  // What nobody can compare is treated as looser: a human looks at it.
  if (way === undefined || before === undefined || after === undefined) return false;
  return way === 'lower' ? after < before : after > before;
};

/** What changes of limits come to; refused with every problem at once. */
export const changedLimits = (
  limits: RiskLimits,
  changes: readonly LimitChange[],
): Outcome<ChangedLimits> => {
  const known = Object.keys(tighterWhen);
  const strangers = changes.filter(({ limit }) => !known.includes(limit));
  if (strangers.length > 0) {
    return refused(
      'INVALID_ARGUMENT',
      `There is no limit ${strangers.map(({ limit }) => JSON.stringify(limit)).join(', ')}.`,
      `Use names of ${known.join(', ')}.`,
    );
  }
  const wanted = withChanges(limits, changes);
  if (!wanted.success) {
    const problems = wanted.error.issues.map(
      ({ path, message }) => `${path.join('.')}: ${message}`,
    );
    return refused('INVALID_ARGUMENT', `${problems.join('; ')}.`, 'Give values that fit.');
  }
  const differences = limitDifferences(limits, wanted.data);
  const tighter = differences.filter(isTighter);
  const tight = new Set(tighter.map(({ limit }) => limit));
  const tightened = withChanges(
    limits,
    changes.filter(({ limit }) => tight.has(limit)),
  );
  // A part of a section that is new may not stand alone: then all of it waits for a human.
  if (!tightened.success)
    return accepted({ tightened: limits, wanted: wanted.data, tighter: [], looser: differences });
  const looser = differences.filter(({ limit }) => !tight.has(limit));
  return accepted({ tightened: tightened.data, wanted: wanted.data, tighter, looser });
};
