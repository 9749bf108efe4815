import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { pages } from './pages.ts';

test.each(pages())(
  '$file is what the catalogue says; if the change is meant, run `npm run reference`',
  ({ file, content }) => {
    expect(readFileSync(file, 'utf8')).toBe(content);
  },
);
