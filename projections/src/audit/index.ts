export { type DecisionPlace, decisions, locateDecision } from './decisions.ts';
export { type FindingPlace, findings, locateFinding } from './findings.ts';
export { auditQueryHandlers, recentEvents } from './recent-events.ts';
