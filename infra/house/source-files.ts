import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export type SourceFile = { readonly path: string; readonly text: string };

const folders = ['contracts', 'services', 'projections', 'infra', 'mcp-gateway', 'docs', '.ci'];
const skipped = new Set(['node_modules', 'coverage', '.sentinel', '.nx']);
const readable = /(\.(ts|mjs|json|md|ya?ml|sql|css|html|sh|grit)|Dockerfile|\.ci\/run)$/;
const largest = 20_000;

/**
 * Every text file of the repository with its path from `root`, written with slashes. It walks the
 * tree rather than asking git, since a checkout need not be a repository.
 */
export const sourceFiles = (root: string): readonly SourceFile[] => {
  const paths = folders.flatMap((folder) => list(root, folder));
  const top = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => entry.name);
  return [...top, ...paths]
    .filter((path) => readable.test(path) || path === '.npmrc' || path === 'LICENSE')
    .sort()
    .map((path) => ({ path, text: readFileSync(join(root, path), 'utf8') }));
};

const list = (root: string, start: string): readonly string[] => {
  const pending = [start];
  const found: string[] = [];
  while (pending.length > 0) {
    const folder = pending.pop() ?? start;
    for (const entry of readdirSync(join(root, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`;
      if (entry.isDirectory() && !skipped.has(entry.name)) pending.push(path);
      else if (entry.isFile()) found.push(path);
      if (found.length > largest) throw new Error(`more than ${largest} files below ${start}`);
    }
  }
  return found;
};
