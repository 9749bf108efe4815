export { openLog, type ProgramLog } from './log.ts';
export { openTelemetry } from './open-telemetry.ts';
export { redact } from './redact.ts';
export { noTelemetry, type Operation, type Standing, type Telemetry } from './telemetry.ts';
