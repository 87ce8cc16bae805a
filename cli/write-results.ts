/** The files a run leaves in its folder, each whole or absent: the document, where it comes from, and the report drawn from it. */
import { join } from 'node:path';
import type { ResultDocument } from '../experiments/result.ts';
import { writeWhole } from '../experiments/run-store.ts';
import { renderReport } from '../report/render-report.ts';
import { documentText } from './answer.ts';
import type { Provenance } from './provenance.ts';
import { PROVENANCE_FILE } from './provenance.ts';

export const RESULT_FILE = 'result.json';
export const REPORT_FILE = 'report.html';

/**
 * @param provenance absent for a sweep, whose plan says where it comes from
 * @returns the path of the report
 */
export function writeResults(folder: string, document: ResultDocument, provenance?: Provenance): string {
  const report = join(folder, REPORT_FILE);
  writeWhole(join(folder, RESULT_FILE), documentText(document));
  if (provenance !== undefined) writeWhole(join(folder, PROVENANCE_FILE), documentText(provenance));
  writeWhole(report, renderReport(document));
  return report;
}
