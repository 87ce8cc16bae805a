/** The numbers behind a figure, as a CSV file inside the page (RFC 4180, UTF-8, SI units named in the header row). */
import { element } from './svg.ts';

export type Cell = string | number | null | undefined;

export interface DataFile {
  /** File name without folder, e.g. `digits-curves.csv`. */
  readonly name: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
}

/** Values that are not finite become empty cells. */
export function csvText(file: DataFile): string {
  return [file.header, ...file.rows].map((row) => `${row.map(cellText).join(',')}\r\n`).join('');
}

/** A link that saves the file; it needs neither network nor script. */
export function dataLink(file: DataFile): string {
  const bytes = Buffer.from(csvText(file), 'utf8').toString('base64');
  return element('a', { class: 'data', download: file.name, href: `data:text/csv;charset=utf-8;base64,${bytes}` }, 'data');
}

/** File names from free text: lower case, digits and hyphens only. */
export function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return plain || 'report';
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'number') return Number.isFinite(cell) ? String(Number(cell.toPrecision(7))) : '';
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
