import { readFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { readExport, verifyExported } from './proof/index.ts';

// Verifies a yes by exported events alone: it asks no server and opens no database.

const usage =
  'Usage: npm run verify-approval -- <event id of the approval> <export.csv> … [--origin https://sentinel.example]\nThe files are exports of the log (audit.export_events) that hold the request, the approval and the registration of the passkey.';

const fail = (sentence: string): void => {
  process.stderr.write(`${sentence}\n`);
  process.exitCode = 1;
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { origin: { type: 'string' } },
});
const [eventId, ...files] = positionals;
if (eventId === undefined || files.length === 0) fail(usage);
else {
  try {
    const texts = await Promise.all(files.map((file) => readFile(file, 'utf8')));
    const verdict = await verifyExported(texts.flatMap(readExport), {
      eventId,
      origin: values.origin,
    });
    if (verdict.is === 'not proved') fail(`Not proved: ${verdict.why}`);
    else
      process.stdout.write(
        `Proved: ${verdict.by} signed this yes by passkey on ${verdict.origin}, at ${verdict.at}.\nThe request: ${verdict.request}\n`,
      );
  } catch (error) {
    fail(error instanceof Error ? error.message : String(error));
  }
}
