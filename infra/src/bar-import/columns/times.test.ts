import { expect, test } from 'vitest';
import { timeOf, zoneFrom } from './times.ts';

test.each([
  ['US/Eastern', 'America/New_York'],
  ['utc', 'UTC'],
  ['UTC+1', '+01:00'],
  ['-0500', '-05:00'],
  ['Europe/Berlin', 'Europe/Berlin'],
])('%s is a zone', (text, zone) => {
  expect(zoneFrom(text)).toBe(zone);
});

test.each(['US/Eastrn', 'America/New_Yrok', '+99:00', '-05:75', 'Mars/Olympus_Mons'])(
  '%s is no zone, and a time in it is none',
  (text) => {
    expect(zoneFrom(text)).toBeUndefined();
    expect(timeOf(`2021-01-11 08:00:00 ${text}`, 'ymd')).toBeUndefined();
  },
);
