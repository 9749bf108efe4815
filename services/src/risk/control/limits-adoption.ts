import {
  accepted,
  canonicalJson,
  type Digest,
  type EventMetadata,
  type Outcome,
  refused,
  type Sha256,
} from '@sentinel/contracts/kernel';
import { type LimitsDocument, type RiskLimits, riskLimitsSchema } from '@sentinel/contracts/risk';
import type { Control } from './control.ts';
import type { ControlChanges } from './handlers.ts';
import { limitsInForce } from './state.ts';

/** One limit that is not the same in two documents; `absent` where one of them has none. */
export type LimitDifference = {
  /** Its name, with that of the part in which it stands: `order.maxValue`. */
  readonly limit: string;
  readonly inForce: string;
  readonly wanted: string;
};

const leavesOf = (value: unknown, path = ''): readonly (readonly [string, string])[] =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.entries(value).flatMap(([key, each]) =>
        leavesOf(each, path === '' ? key : `${path}.${key}`),
      )
    : [[path, typeof value === 'string' ? value : JSON.stringify(value)]];

/** Limit by limit, in the order of their names. */
export const limitDifferences = (
  inForce: RiskLimits,
  wanted: RiskLimits,
): readonly LimitDifference[] => {
  const standing = new Map(leavesOf(riskLimitsSchema.encode(inForce)));
  const asked = new Map(leavesOf(riskLimitsSchema.encode(wanted)));
  return [...new Set([...standing.keys(), ...asked.keys()])].sort().flatMap((limit) => {
    const both = { inForce: standing.get(limit) ?? 'absent', wanted: asked.get(limit) ?? 'absent' };
    return both.inForce === both.wanted ? [] : [{ limit, ...both }];
  });
};

/** The limits of an account beside those that the environment names: only a human brings them in. */
export type LimitsAdoption = {
  readonly compare: () => Promise<{
    readonly inForce: LimitsDocument;
    readonly differences: readonly LimitDifference[];
    /** Digest of exactly this proposal: an adoption names it. */
    readonly digest: Sha256;
  }>;
  /** Puts the environment's limits in force, in open sessions too. */
  readonly adopt: (
    adoption: { readonly digest: string },
    metadata: EventMetadata,
  ) => Promise<Outcome<{ readonly version: number }>>;
};

export const limitsAdoption = (options: {
  readonly control: Control;
  readonly changes: Pick<ControlChanges, 'change'>;
  readonly account: string;
  /** What the environment names. */
  readonly wanted: RiskLimits;
  readonly digest: Digest;
  /** Wall clock: limits concern people. */
  readonly now: () => Temporal.Instant;
}): LimitsAdoption => {
  const { control, changes, account, wanted, digest, now } = options;
  const compare = async () => {
    const inForce = limitsInForce(await control.refresh(), account);
    const proposal = { version: inForce.version, wanted: riskLimitsSchema.encode(wanted) };
    return {
      inForce,
      differences: limitDifferences(inForce.limits, wanted),
      digest: digest(canonicalJson(proposal)),
    };
  };
  return {
    compare,
    adopt: async (adoption, metadata) => {
      if ((await compare()).digest !== adoption.digest) {
        return refused(
          'LIMITS_CHANGED',
          'The limits in force or those of the environment are not the ones that were shown.',
          'Look at the differences again.',
        );
      }
      const command = { type: 'AdoptLimits', limits: wanted, at: now() } as const;
      const outcome = await changes.change(command, metadata);
      if (!outcome.ok) return outcome;
      return accepted({ version: limitsInForce(outcome.value.state, account).version });
    },
  };
};
