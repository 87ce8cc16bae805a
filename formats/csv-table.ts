/** A small table of comma-separated values with a header, as folders of data carry to say what their files are. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import { fileProblem } from './idx.ts';

export interface TableRow {
  /** Line in the file, from 1. */
  readonly line: number;
  readonly cells: Readonly<Record<string, string>>;
}

/** The rows of `name` in a folder; every column of `wanted` has to be there. */
export function readCsvTable(folder: string, name: string, wanted: readonly string[]): readonly TableRow[] {
  const path = join(folder, name);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    throw new UserError(fileProblem(error, path));
  }
  const lines = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const header = (lines[0] ?? '').split(',').map((cell) => cell.trim());
  const missing = wanted.filter((column) => !header.includes(column));
  if (missing.length > 0) {
    throw new UserError({
      code: 'E-CSV',
      message: `${path} has no column ${missing.join(', ')}; it has ${header.join(', ') || 'nothing'}`,
    });
  }
  const problems: Problem[] = [];
  const rows = lines.slice(1).map((text, n): TableRow => {
    const cells = text.split(',').map((cell) => cell.trim());
    if (cells.length !== header.length) {
      problems.push({
        code: 'E-CSV',
        message: `has ${cells.length} values for ${header.length} columns`,
        where: { file: path, line: n + 2 },
      });
    }
    return { line: n + 2, cells: Object.fromEntries(header.map((column, c) => [column, cells[c] ?? ''])) };
  });
  if (rows.length === 0) problems.push({ code: 'E-CSV', message: `${path} names no files` });
  if (problems.length > 0) throw new UserError(problems);
  return rows;
}

/** A whole number 0 … max in a column; what is wrong is added to the list. */
export function wholeCell({ line, cells }: TableRow, column: string, max: number, file: string, problems: Problem[]): number {
  const value = Number(cells[column]);
  if (cells[column] !== '' && Number.isInteger(value) && value >= 0 && value <= max) return value;
  problems.push({
    code: 'E-CSV',
    message: `${column} is "${cells[column]}", but must be a whole number from 0 to ${max}`,
    where: { file, line },
  });
  return 0;
}
