export * from './desk.ts';
export * from './facts.ts';
export { feeSchedule } from './fees.ts';
export * from './handlers.ts';
export { measureVenue } from './measure-venue.ts';
export * from './paper-broker.ts';
export * from './resume.ts';
export * from './session/index.ts';
export * from './sessions.ts';
