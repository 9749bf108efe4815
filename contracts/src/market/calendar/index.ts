export * from './daily-calendars.ts';
export * from './exchange-days.ts';
export * from './market-calendar.ts';
export * from './named.ts';
export * from './nyse.ts';
export * from './session-time.ts';
