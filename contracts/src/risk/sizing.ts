import { z } from 'zod';

/** What may keep a position from being larger. */
export const sizingCaps = [
  'position',
  'grossExposure',
  'volume',
  'credit',
  'order',
  'risk',
] as const;
export const sizingCapSchema = z.enum(sizingCaps);
export type SizingCap = z.output<typeof sizingCapSchema>;
