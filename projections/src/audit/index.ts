export { decisionLog } from './decision-log.ts';
export { type DecisionPlace, decisions, locateDecision } from './decisions.ts';
export { type FindingPlace, findings, locateFinding } from './findings.ts';
export { auditQueryHandlers } from './queries.ts';
export { lastRecordedBefore, recentEvents, recordedBetween } from './recent-events.ts';
export { sayEvent } from './say-event.ts';
export { laterSessions, locateStory, subjects } from './subjects.ts';
