import { z } from 'zod';

/** Something to read by its address, which an answer names instead of holding it. */
export const resourceLinkSchema = z.strictObject({
  uri: z.string(),
  name: z.string(),
  mime_type: z.string(),
});
export type ResourceLink = z.output<typeof resourceLinkSchema>;

/** What stands at an address. */
export type ResourceText = { readonly mimeType: string; readonly text: string };
