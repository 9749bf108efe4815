export { openLog, type ProgramLog, redact } from './log.ts';
