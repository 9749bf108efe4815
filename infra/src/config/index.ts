export { envFileVariable } from './env-file.ts';
export type { NamedKey } from './named-keys.ts';
export { parseConfig, readConfig } from './parse.ts';
export { riskLimitsOf } from './risk-limits.ts';
export type { Role } from './roles.ts';
export { type Config, settings } from './schema.ts';
export { secretsOf } from './secrets.ts';
