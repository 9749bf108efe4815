import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';

/** What names a credential here without being it. */
export const credentialOf = ({ headers }: Pick<IncomingMessage, 'headers'>): string =>
  createHash('sha256')
    .update(headers.authorization ?? '')
    .digest('base64');
