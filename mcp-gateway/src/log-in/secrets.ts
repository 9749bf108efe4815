import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

/** 256 bits by chance, as text. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Whether two texts are the same, told in the same time wherever they differ. */
export const sameText = (one: string, other: string): boolean => {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
};

export const hmac = (key: string, text: string): string =>
  createHmac('sha256', key).update(text).digest('base64url');
