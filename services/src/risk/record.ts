import {
  canonicalJson,
  type DecisionId,
  type Digest,
  type Sha256,
} from '@sentinel/contracts/kernel';
import {
  assessedAccountSchema,
  type LimitsDocument,
  limitsDocumentSchema,
  orderIntentSchema,
  type RiskAssessed,
  riskFactsSchema,
} from '@sentinel/contracts/risk';
import { type Assessment, type AssessmentInputs, policyVersion } from './assess.ts';

/** Limits change seldom and stand in every decision, so their text is kept with the document. */
const limitsTexts = new WeakMap<LimitsDocument, string>();

const limitsText = (document: LimitsDocument): string => {
  const known = limitsTexts.get(document);
  if (known !== undefined) return known;
  const text = canonicalJson(limitsDocumentSchema.encode(document));
  limitsTexts.set(document, text);
  return text;
};

/** The canonical JSON of everything that goes in, put together from its four members in order. */
export const inputsText = ({ intent, facts, limits, account }: AssessmentInputs): string => {
  const accountText = canonicalJson(assessedAccountSchema.encode(account));
  const factsText = canonicalJson(riskFactsSchema.encode(facts));
  const intentText = canonicalJson(orderIntentSchema.encode(intent));
  return `{"account":${accountText},"facts":${factsText},"intent":${intentText},"limits":${limitsText(limits)}}`;
};

/** Digest of everything that went in. Two decisions with one such digest must come out alike. */
export const digestInputs = (inputs: AssessmentInputs, digest: Digest): Sha256 =>
  digest(inputsText(inputs));

/** Digest of everything that came out. */
export const digestResult = (assessment: Assessment, digest: Digest): Sha256 =>
  digest(
    canonicalJson({
      reducing: assessment.reducing,
      checks: assessment.checks,
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
    readonly codeDigest: Sha256;
    readonly digest: Digest;
  },
): RiskAssessed => ({
  decisionId: by.decisionId,
  purpose: by.purpose,
  at: inputs.facts.at,
  intent: inputs.intent,
  facts: inputs.facts,
  limitsVersion: inputs.limits.version,
  policyVersion,
  codeDigest: by.codeDigest,
  reducing: assessment.reducing,
  checks: [...assessment.checks],
  outcome: assessment.verdict.outcome,
  denialCode: assessment.verdict.outcome === 'DENIED' ? assessment.verdict.code : null,
  inputsDigest: digestInputs(inputs, by.digest),
  resultDigest: digestResult(assessment, by.digest),
});
