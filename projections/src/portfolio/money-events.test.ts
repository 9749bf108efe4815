import { type AnyEvent, events } from '@sentinel/contracts';
import { moneySchema, z } from '@sentinel/contracts/kernel';
import { expect, test } from 'vitest';
import { accounts } from './account.ts';

type Form = { readonly [member: string]: unknown };
type Told = Readonly<Record<string, z.ZodType>>;

const formOf = (schema: z.ZodType): Form =>
  z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
const ofMoney = formOf(moneySchema).description;

/** What an account holds or has working: carried on where a member is called so. */
const books = ['position', 'positions', 'orders', 'workingOrders'];

const isObject = (value: unknown): value is Form => typeof value === 'object' && value !== null;

/** Members of an event that are money, or say what is held: by their schema, whatever they are called. */
const moneyIn = (schema: z.ZodType): readonly string[] => {
  const form = formOf(schema);
  const forms = [form, ...[form.anyOf, form.oneOf].flatMap((each) => (each as Form[]) ?? [])];
  return forms
    .flatMap(({ properties }) => (isObject(properties) ? Object.entries(properties) : []))
    .filter(([name, member]) => {
      const choices = isObject(member) && Array.isArray(member.anyOf) ? member.anyOf : [member];
      const isMoney = choices.some((each) => isObject(each) && each.description === ofMoney);
      return isMoney || books.includes(name);
    })
    .map(([name]) => name);
};

/** Types whose money the account view need not fold, and why. */
const excused: Partial<Record<AnyEvent['type'], string>> = {
  BacktestCompleted: 'the cash of a run in memory, which no account holds',
  AccountBound: 'the cash that it begins with stands in its first opening',
  OrderProposed:
    'what an order would be worth that waits for a human, for which nothing is set aside',
  SessionClosed: 'says again what its session has said, and the next opening goes on from it',
};

const unfolded = (told: Told, folded: readonly string[]): readonly string[] =>
  Object.entries(told)
    .filter(([type, schema]) => moneyIn(schema).length > 0 && !folded.includes(type))
    .map(([type]) => type)
    .filter((type) => !Object.hasOwn(excused, type));

const all: Told = Object.fromEntries(
  Object.entries(events).map(([type, { schema }]) => [type, schema]),
);

test('the account view folds every event that carries cash, fees, holdings or a reservation', () => {
  expect(unfolded(all, accounts.types)).toEqual([]);
  for (const type of Object.keys(excused)) expect(moneyIn(all[type] as z.ZodType)).not.toEqual([]);
});

test.each(['BorrowFeeCharged', 'CorporateActionApplied', 'OrderReplaced', 'OrderFilled'])(
  'one that leaves out %s is seen, and so is a new event whose money has another name',
  (type) => {
    const others = accounts.types.filter((each) => each !== type);
    expect(unfolded(all, others)).toEqual([type]);
    const InterestPaid = z.strictObject({ received: moneySchema.nullable() });
    expect(unfolded({ ...all, InterestPaid }, accounts.types)).toEqual(['InterestPaid']);
  },
);
