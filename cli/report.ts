/** `hillock report`: draws the report again from the result document of a folder. */
import { join } from 'node:path';
import { UserError } from '../core/errors.ts';
import { parseJsonWithPlaces } from '../core/json-places.ts';
import type { ResultDocument } from '../experiments/result.ts';
import { RESULT_SCHEMA } from '../experiments/result.ts';
import { writeWhole } from '../experiments/run-store.ts';
import { renderReport } from '../report/render-report.ts';
import type { Answer } from './answer.ts';
import { answer, jsonText } from './answer.ts';
import { readText } from './load-experiment.ts';
import { REPORT_FILE, RESULT_FILE } from './write-results.ts';

export interface ReportOptions {
  readonly out?: string;
  readonly json?: boolean;
}

export function report(folder: string, options: ReportOptions): Answer {
  const source = join(folder, RESULT_FILE);
  const target = options.out ?? join(folder, REPORT_FILE);
  writeWhole(target, drawn(readDocument(source), source));
  return answer(options.json === true ? jsonText('report', true, { report: target, from: source }) : `${target}\n`);
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
function drawn(document: ResultDocument, path: string): string {
  try {
    return renderReport(document);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new UserError({ code: 'E-SCHEMA', message: `${path} lacks parts that every result document has (${error.message})` });
  }
}
