import {
  canonicalJson,
  type DecisionId,
  type Digest,
  type Sha256,
} from '@sentinel/contracts/kernel';
import {
  assessedAccountSchema,
  limitsDocumentSchema,
  orderIntentSchema,
  type RiskAssessed,
  riskFactsSchema,
} from '@sentinel/contracts/risk';
import { type Assessment, type AssessmentInputs, policyVersion } from './assess.ts';

/** Digest of everything that went in. Two decisions with one such digest must come out alike. */
export const digestInputs = (inputs: AssessmentInputs, digest: Digest): Sha256 =>
  digest(
    canonicalJson({
      intent: orderIntentSchema.encode(inputs.intent),
      facts: riskFactsSchema.encode(inputs.facts),
      limits: limitsDocumentSchema.encode(inputs.limits),
      account: assessedAccountSchema.encode(inputs.account),
    }),
  );

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
