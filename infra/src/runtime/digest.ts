import { hash } from 'node:crypto';
import type { Digest, Sha256 } from '@sentinel/contracts/kernel';

export const sha256: Digest = (text) => hash('sha256', text, 'hex') as Sha256;
