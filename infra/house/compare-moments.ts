import { expect } from 'vitest';

const names = ['Instant', 'PlainDate', 'PlainTime', 'ZonedDateTime', 'Duration'] as const;

type Moment = InstanceType<(typeof Temporal)[(typeof names)[number]]>;

const isMoment = (value: unknown): value is Moment =>
  names.some((name) => value instanceof Temporal[name]);

// A moment has no members of its own: `toMatchObject` takes any two of them for equal without this.
expect.addEqualityTesters([
  (left, right) =>
    isMoment(left) && isMoment(right)
      ? left.constructor === right.constructor && left.toString() === right.toString()
      : undefined,
]);
