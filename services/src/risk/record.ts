import {
  canonicalJson,
  type DecisionId,
  type Digest,
  encodeBy,
  type Sha256,
} from '@sentinel/contracts/kernel';
import {
  type AssessedAccount,
  assessedAccountSchema,
  type LimitsDocument,
  limitsDocumentSchema,
  orderIntentSchema,
  type Reservation,
  type RiskAssessed,
  type RiskCheck,
  reservationSchema,
  riskFactsSchema,
} from '@sentinel/contracts/risk';
import type { Assessment, AssessmentInputs } from './assess.ts';
import { currentPolicy } from './policies.ts';
import type { Policy } from './policy.ts';

/** The canonical text of a value that stands in many decisions, kept for as long as the value is. */
const keptText = <Value extends object>(encode: (value: Value) => unknown) => {
  const texts = new WeakMap<Value, string>();
  return (value: Value): string => {
    const known = texts.get(value);
    if (known !== undefined) return known;
    const text = canonicalJson(encode(value));
    texts.set(value, text);
    return text;
  };
};

const limitsText = keptText((document: LimitsDocument) => encodeBy(limitsDocumentSchema, document));
const reservationText = keptText((reservation: Reservation) =>
  encodeBy(reservationSchema, reservation),
);

const withoutLimitPrice = reservationSchema.omit({ limitPrice: true });
const risk1ReservationText = keptText(({ limitPrice: _, ...reservation }: Reservation) =>
  encodeBy(withoutLimitPrice, reservation),
);

const behindReservations = {
  sameOrderAt: true,
  sameTerms: true,
  standingLosses: true,
  venue: true,
  weekStartEquity: true,
} as const;
const accountEnd = assessedAccountSchema.pick(behindReservations);
const accountStart = assessedAccountSchema.omit({ ...behindReservations, reservations: true });

/** Its members stand in order, with the reservations in their midst: a crowd of orders has many. */
const accountText = (account: AssessedAccount, policy: Policy): string => {
  const { reservations, sameOrderAt, sameTerms, venue, weekStartEquity, ...rest } = account;
  const { standingLosses, ...before } = rest;
  const { executions, closedLosses, exitOf, grantedToday, ...always } = before;
  const { sees } = policy;
  const seen = {
    ...always,
    ...(sees.executions && executions !== undefined && { executions }),
    ...(sees.terms && closedLosses !== undefined && { closedLosses }),
    ...(sees.terms && exitOf !== undefined && { exitOf }),
    ...(sees.grants && grantedToday !== undefined && { grantedToday }),
  };
  const start = canonicalJson(encodeBy(accountStart, seen));
  const middle = reservations
    .map(sees.limitPrices ? reservationText : risk1ReservationText)
    .join(',');
  const place = sees.venue && venue !== undefined ? { venue } : {};
  const same = sees.terms && sameTerms !== undefined ? { sameTerms } : {};
  const stands = sees.standing && standingLosses !== undefined ? { standingLosses } : {};
  const end = canonicalJson(
    encodeBy(accountEnd, { sameOrderAt, ...same, ...stands, ...place, weekStartEquity }),
  );
  return `${start.slice(0, -1)},"reservations":[${middle}],${end.slice(1)}`;
};

/** The canonical JSON of everything that goes in, put together from its four members in order. */
export const inputsText = (
  { intent, facts, limits, account }: AssessmentInputs,
  policy: Policy = currentPolicy,
): string => {
  const factsText = canonicalJson(encodeBy(riskFactsSchema, facts));
  const intentText = canonicalJson(encodeBy(orderIntentSchema, intent));
  return `{"account":${accountText(account, policy)},"facts":${factsText},"intent":${intentText},"limits":${limitsText(limits)}}`;
};

/** Digest of everything that went in. Two decisions with one such digest must come out alike. */
export const digestInputs = (
  inputs: AssessmentInputs,
  digest: Digest,
  policy: Policy = currentPolicy,
): Sha256 => digest(inputsText(inputs, policy));

/** A check without its sentence: all that means anything to a decision. */
export const withoutProse = ({ message: _, ...check }: RiskCheck): Omit<RiskCheck, 'message'> =>
  check;

/**
 * Digest of everything that came out: codes, statuses, values, limits and the outcome. The sentences
 * tell people the same once more and may be worded better one day; policies before risk-4 put them in.
 */
export const digestResult = (assessment: Assessment, digest: Digest): Sha256 =>
  digest(
    canonicalJson({
      reducing: assessment.reducing,
      checks: assessment.policy.digestsProse
        ? assessment.checks
        : assessment.checks.map(withoutProse),
      outcome: assessment.verdict.outcome,
      denialCode: assessment.verdict.outcome === 'DENIED' ? assessment.verdict.code : null,
    }),
  );

/** The event that keeps an assessment, with what is needed to make it again. */
export const recordAssessment = (
  inputs: AssessmentInputs,
  assessment: Assessment,
  by: {
    readonly decisionId: DecisionId;
    readonly purpose: RiskAssessed['purpose'];
    /** The working order whose place the intent would take. */
    readonly replaces?: RiskAssessed['replaces'];
    readonly codeDigest: Sha256;
    readonly digest: Digest;
  },
): RiskAssessed => ({
  decisionId: by.decisionId,
  purpose: by.purpose,
  at: inputs.facts.at,
  intent: inputs.intent,
  ...(by.replaces !== undefined && { replaces: by.replaces }),
  facts: inputs.facts,
  limitsVersion: inputs.limits.version,
  policyVersion: assessment.policy.version,
  codeDigest: by.codeDigest,
  reducing: assessment.reducing,
  checks: [...assessment.checks],
  outcome: assessment.verdict.outcome,
  denialCode: assessment.verdict.outcome === 'DENIED' ? assessment.verdict.code : null,
  inputsDigest: digestInputs(inputs, by.digest, assessment.policy),
  resultDigest: digestResult(assessment, by.digest),
});
