/** `hillock sweep status` and `merge`: how far a sweep is, and what came out of it as a document, a table for people and one for spreadsheets. */
import { join } from 'node:path';
import type { ExitCode } from '../core/errors.ts';
import { EXIT, UserError } from '../core/errors.ts';
import type { SweepResult } from '../experiments/result.ts';
import { writeWhole } from '../experiments/run-store.ts';
import { mergeSweep, sweepStatus, takeResults } from '../experiments/sweep/merge-sweep.ts';
import { openSweepFolder } from '../experiments/sweep/sweep-folder.ts';
import { csvText } from '../report/csv.ts';
import { settingsFile } from '../report/panels/sweep.ts';
import type { Answer, Terminal } from './answer.ts';
import { answer, documentText, jsonText } from './answer.ts';
import { shellWord } from './option-values.ts';
import { settingsTable, statusText, withoutResultText } from './sweep-text.ts';
import { writeResults } from './write-results.ts';

export interface SweepResultOptions {
  readonly json?: boolean;
}

const TABLE_FILE = 'table.csv';

export async function sweepStatusOf(path: string, options: SweepResultOptions, terminal: Terminal): Promise<Answer> {
  const status = sweepStatus(await openSweepFolder(path, false));
  if (options.json === true) return answer(jsonText('sweep', true, status));
  return answer(statusText(status, terminal.colour));
}

export async function sweepMerge([path, ...others]: readonly string[], options: SweepResultOptions, terminal: Terminal): Promise<Answer> {
  const folder = await openSweepFolder(path, true);
  for (const other of others) takeResults(folder, await openSweepFolder(other, false));
  const document = mergeSweep(folder);
  const { sweep } = document;
  if (sweep === undefined) throw new UserError({ code: 'E-PLAN', message: `${path} holds no sweep` });
  const report = writeResults(path, document);
  writeWhole(join(path, TABLE_FILE), csvText(settingsFile(document, sweep)));
  const { exitCode, rest } = completeness(path, sweep);
  const note = `${rest}report  ${report}\n`;
  return options.json === true
    ? answer(documentText(document), note, exitCode)
    : answer(settingsTable(sweep, terminal.colour), note, exitCode);
}

function completeness(path: string, sweep: SweepResult): { exitCode: ExitCode; rest: string } {
  const { done, planned } = sweep.runs;
  if (done === planned) return { exitCode: EXIT.ok, rest: '' };
  return { exitCode: EXIT.partialSweep, rest: `${withoutResultText(sweep)}to go on: hillock sweep run ${shellWord(path)}\n` };
}
