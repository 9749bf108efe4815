import { alwaysOpenCalendar, everyDayCalendar } from './daily-calendars.ts';
import type { MarketCalendar } from './market-calendar.ts';
import { nyseCalendar } from './nyse.ts';

const calendars: Readonly<Record<string, () => MarketCalendar>> = {
  'NYSE-1': nyseCalendar,
  'always-open-1': () => alwaysOpenCalendar,
  'every-day-1': () => everyDayCalendar,
};

/** The calendar that a `MarketSession` names. Throws RangeError when there is none of the name. */
export const calendarNamed = (name: string): MarketCalendar => {
  const calendar = Object.hasOwn(calendars, name) ? calendars[name] : undefined;
  if (calendar === undefined) throw new RangeError(`there is no calendar ${name}`);
  return calendar();
};
