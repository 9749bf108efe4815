import { importFromAlpaca, isAlpaca } from './alpaca.ts';
import { readDeclarations } from './declarations.ts';
import { importSources, type Outcome, type Progress } from './import-files.ts';
import type { ImportOptions } from './options.ts';

/** What all sources come to: files first, then what is asked of a provider, symbol by symbol. */
export const importAll = async function* (
  options: ImportOptions,
  progress: Progress,
): AsyncGenerator<Outcome> {
  const files = options.sources.filter((source) => !isAlpaca(source));
  if (files.length > 0) yield* importSources({ ...options, sources: files }, progress);
  const asked = [...new Set(options.sources.filter(isAlpaca))];
  if (asked.length === 0) return;
  const declared = await readDeclarations(options.into);
  for (const source of asked)
    yield* await importFromAlpaca(source, declared, { options, progress });
};
