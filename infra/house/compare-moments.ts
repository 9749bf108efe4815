import { expect } from 'vitest';

const isMoment = (value: unknown): boolean =>
  Object.prototype.toString.call(value).startsWith('[object Temporal.');

// A moment has no members of its own: `toMatchObject` takes any two of them for equal without this.
expect.addEqualityTesters([
  (left, right) =>
    isMoment(left) && isMoment(right)
      ? left.constructor === right.constructor && `${left}` === `${right}`
      : undefined,
]);
