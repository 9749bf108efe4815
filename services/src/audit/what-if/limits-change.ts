import { accepted, encodeBy, type Outcome, refused } from '@sentinel/contracts/kernel';
import { type RiskLimits, riskLimitsSchema } from '@sentinel/contracts/risk';

/** Limits by their names, those of a group as `order.maxValue`, with the values that they are to have. */
export type LimitValues = Readonly<Record<string, string | number>>;

type Plain = { readonly [name: string]: unknown };
const isGroup = (value: unknown): value is Plain =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const namesIn = (limits: Plain, group = ''): readonly string[] =>
  Object.entries(limits).flatMap(([name, value]) =>
    isGroup(value) ? namesIn(value, `${group}${name}.`) : [`${group}${name}`],
  );

/** The value in the form that the one in force has. */
const fitting = (now: unknown, value: string | number): unknown => {
  if (Array.isArray(now)) return `${value}`.split(/[\s,]+/).filter((each) => each !== '');
  return typeof now === 'number' ? Number(value) : `${value}`;
};

const withValue = (
  limits: Plain,
  [name, ...rest]: readonly string[],
  value: string | number,
): Plain => {
  const key = name as string;
  const now = limits[key];
  return {
    ...limits,
    [key]: isGroup(now) ? withValue(now, rest, value) : fitting(now, value),
  };
};

/** Limits with other values; refused with all that does not fit. */
export const limitsWith = (
  limits: RiskLimits,
  values: LimitValues,
): Outcome<RiskLimits, 'INVALID_ARGUMENT'> => {
  const stored = encodeBy(riskLimitsSchema, limits) as Plain;
  const names = namesIn(stored);
  const unknown = Object.keys(values).filter((name) => !names.includes(name));
  if (unknown.length > 0)
    return refused(
      'INVALID_ARGUMENT',
      `The limits of this session have no ${unknown.map((name) => name.slice(0, 40)).join(', ')}.`,
      `They have ${names.join(', ')}.`,
    );
  const changed = Object.entries(values).reduce(
    (all, [name, value]) => withValue(all, name.split('.'), value),
    stored,
  );
  const parsed = riskLimitsSchema.safeParse(changed);
  if (parsed.success) return accepted(parsed.data);
  const problems = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
  return refused(
    'INVALID_ARGUMENT',
    `These values do not fit: ${problems.join('; ')}.`,
    'Bps are whole numbers, money and shares decimal texts.',
  );
};
