export { type BarLook, restOfBar } from './bar-trade.ts';
export { cancelDueAt, dueAt, faultsOf, hasArrived, replaceDueAt } from './draws.ts';
export { answerTo, closingWindow } from './lifetime.ts';
export { venueReportsOnBar } from './on-bar.ts';
export { type VenueLook, venueReports, venueReportsUnquoted } from './on-quote.ts';
export { isQuiet, type Quiet, quietOfAll } from './quiet.ts';
export type { FillReport, PaperReport } from './report.ts';
export { paperOrderId, reportsOf } from './said.ts';
export { buys, isStop, isWaiting } from './stop.ts';
