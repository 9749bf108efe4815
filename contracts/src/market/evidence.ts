import { z } from 'zod';
import { event, sha256Schema } from '../kernel/index.ts';
import { barWindowSchema } from './bars.ts';

/**
 * The `evidence-<sha256>` streams: one large input each, written once and named by its digest, which
 * is taken of the canonical JSON of `content`.
 */
export const evidenceEvents = {
  EvidenceRecorded: event(
    1,
    z.strictObject({ digest: sha256Schema, kind: z.literal('bars'), content: barWindowSchema }),
  ),
} as const;
