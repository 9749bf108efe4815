import { readFileSync } from 'node:fs';
import type { Router } from 'express';

/** The style of every page there is. */
export const sheet = {
  path: '/page.css',
  serve: (router: Router): void => {
    const text = readFileSync(new URL('./page.css', import.meta.url), 'utf8');
    router.get(sheet.path, (_request, response) => void response.type('css').send(text));
  },
};
