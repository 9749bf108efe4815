export { type DecisionPlace, decisions, locateDecision } from './decisions.ts';
export { auditQueryHandlers, recentEvents } from './recent-events.ts';
