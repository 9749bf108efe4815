export * from './account.ts';
export * from './assess.ts';
export * from './control/control.ts';
export * from './control/decider.ts';
export * from './control/handlers.ts';
export * from './control/state.ts';
export * from './record.ts';
export * from './reserve.ts';
