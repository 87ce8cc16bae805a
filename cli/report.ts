/** `hillock report`: draws the report again from the result document of a folder, or one page over the documents of several. */
import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { parseJsonWithPlaces } from '../core/json-places.ts';
import type { ResultDocument } from '../experiments/result.ts';
import { RESULT_SCHEMA } from '../experiments/result.ts';
import { writeWhole } from '../experiments/run-store.ts';
import { renderReport } from '../report/render-report.ts';
import { renderRules } from '../report/render-rules.ts';
import type { Answer } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { readText } from './load-experiment.ts';
import { REPORT_FILE, RESULT_FILE } from './write-results.ts';

/** Where one page over several runs goes, in the folder of the first. */
const RULES_FILE = 'rules.html';

export interface ReportOptions {
  readonly out?: string;
  readonly json?: boolean;
}

export function report(folders: readonly string[], options: ReportOptions): Answer {
  const sources = folders.map((folder) => join(folder, RESULT_FILE));
  const documents = sources.map(readDocument);
  const target = options.out ?? join(folders[0], folders.length === 1 ? REPORT_FILE : RULES_FILE);
  writeWhole(
    target,
    drawn(sources, () => (documents.length === 1 ? renderReport(documents[0]) : renderRules(documents))),
  );
  const from = sources.length === 1 ? sources[0] : sources;
  return answer(options.json === true ? jsonText('report', true, { report: target, from }) : `${target}\n`);
}

function readDocument(path: string): ResultDocument {
  const parsed = parseJsonWithPlaces(readText(path, 'result document'), path);
  if (!('placeOf' in parsed)) throw new UserError(parsed);
  const document = parsed.value as Partial<ResultDocument> | null;
  if (document?.tool !== 'hillock' || !Array.isArray(document.results)) {
    throw new UserError({ code: 'E-SCHEMA', message: `${path} is not the result document of a run`, hint: 'make one with: hillock run' });
  }
  if (document.schema !== RESULT_SCHEMA) {
    throw new UserError({
      code: 'E-SCHEMA',
      message: `${path} has schema ${document.schema} (written by hillock ${document.version}), but this version reads schema ${RESULT_SCHEMA}`,
      hint: `run it again: ${document.command ?? 'hillock run'}`,
      got: String(document.schema),
      expected: String(RESULT_SCHEMA),
    });
  }
  return document as ResultDocument;
}

/** A document may carry the right schema and yet lack parts, when someone edited it. */
function drawn(paths: readonly string[], draw: () => string): string {
  try {
    return draw();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UserError({
      code: 'E-SCHEMA',
      message: `${paths.join(', ')}: lacks parts that every result document has (${error.message})`,
    });
  }
}
