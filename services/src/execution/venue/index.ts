export { type BarLook, restOfBar } from './bar-trade.ts';
export { dueAt, hasArrived } from './draws.ts';
export { venueReportsOnBar } from './on-bar.ts';
export { type VenueLook, venueReports } from './on-quote.ts';
export { isQuiet, type Quiet, quietOfAll } from './quiet.ts';
export type { FillReport, VenueReport } from './report.ts';
export { isStop } from './stop.ts';
