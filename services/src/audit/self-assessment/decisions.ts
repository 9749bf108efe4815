import type { OutputOf } from '@sentinel/contracts';
import { type Seen, tally } from './period.ts';

type Report = OutputOf<'AssessSelf'>;

const assessments = (seen: readonly Seen[]) =>
  seen.flatMap(({ event }) => (event.type === 'RiskAssessed' ? [event.data] : []));

const warnings = ({ checks }: ReturnType<typeof assessments>[number]): readonly string[] =>
  checks.flatMap(({ code, status, hard }) => (status === 'FAIL' && !hard ? [code] : []));

/** What was judged, how it came out, and by which check. */
export const decisionsOf = (seen: readonly Seen[]): Report['decisions'] => {
  const judged = assessments(seen);
  return {
    by_purpose: tally(judged.map(({ purpose }) => purpose)),
    by_outcome: tally(judged.map(({ outcome }) => outcome)),
    denied_by_check: tally(judged.flatMap(({ denialCode }) => denialCode ?? [])),
    warned_by_check: tally(
      judged.filter(({ outcome }) => outcome !== 'DENIED').flatMap((each) => warnings(each)),
    ),
  };
};

/** What each request is for: its kind stands in it, or it is of the one kind that its event has. */
const kindOf = ({ event }: Seen): [string, string] | undefined => {
  switch (event.type) {
    case 'ApprovalRequested':
      return [event.data.requestId, event.data.kind];
    case 'HaltReleaseRequested':
      return [event.data.requestId, 'halt_release'];
    case 'PromotionRequested':
      return [event.data.requestId, 'promotion'];
    default:
      return undefined;
  }
};

type Answer = 'granted' | 'declined' | 'expired';

const answerIn = ({ event, recorded }: Seen): [string, Answer] | undefined => {
  switch (event.type) {
    case 'ApprovalGranted':
      return [event.data.requestId, 'granted'];
    case 'ApprovalDeclined':
      return [event.data.requestId, 'declined'];
    case 'ApprovalExpired':
    case 'HaltReleaseExpired':
    case 'PromotionRequestExpired':
      return [event.data.requestId, 'expired'];
    case 'HaltReleased':
      // A session holds a copy of what stands in control.
      return recorded.stream === 'control' ? [event.data.requestId, 'granted'] : undefined;
    case 'StrategyPromoted':
      return event.data.requestId === null ? undefined : [event.data.requestId, 'granted'];
    default:
      return undefined;
  }
};

/** What was left to people, and what they made of it: one answer for each request. */
export const overridesOf = (seen: readonly Seen[]): Report['overrides'] => {
  const kinds = new Map<string, string>();
  const answers = new Map<string, Answer>();
  for (const each of seen) {
    const asked = kindOf(each);
    if (asked !== undefined) kinds.set(...asked);
    const answered = answerIn(each);
    if (answered !== undefined) answers.set(...answered);
  }
  const answered = (wanted: Answer) =>
    tally(
      [...answers]
        .filter(([, answer]) => answer === wanted)
        .map(([id]) => kinds.get(id) ?? 'asked_before'),
    );
  return {
    asked: tally([...kinds.values()]),
    granted: answered('granted'),
    declined: answered('declined'),
    expired: answered('expired'),
    approved_despite_warning: assessments(seen).filter(
      (each) =>
        each.outcome === 'APPROVED' && each.purpose !== 'preview' && warnings(each).length > 0,
    ).length,
  };
};

/** What was stopped, by the house itself and by others. */
export const stopsOf = (seen: readonly Seen[]): Report['stops'] => {
  const halts = seen.flatMap(({ event, recorded }) =>
    event.type === 'HaltEngaged' && recorded.stream === 'control' ? [event.data] : [],
  );
  const suspended = seen.flatMap(({ event }) =>
    event.type === 'StrategySuspended' ? [event.data] : [],
  );
  const byTheHouse = halts.filter(({ engagedBy }) => engagedBy.startsWith('system:')).length;
  const forDrift = suspended.filter(({ drift }) => drift !== null).length;
  return {
    halts_by_the_house: byTheHouse,
    halts_by_others: halts.length - byTheHouse,
    suspended_for_drift: forDrift,
    suspended_otherwise: suspended.length - forDrift,
  };
};
