export * from './action-terms.ts';
export * from './books.ts';
export * from './borrowing.ts';
export * from './corporate-actions.ts';
export * from './fees.ts';
export * from './ledger.ts';
