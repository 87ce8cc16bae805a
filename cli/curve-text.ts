/** A curve in a terminal: one character per column, the band of cells as dots. */
import type { DeviceCurve } from '../core/chip-contract.ts';
import { formatSi } from '../core/units.ts';

const ROWS = 14;
const LABEL = 10;

interface Plotted {
  readonly curve: DeviceCurve;
  readonly mark: string;
}

/** @param logarithmic abscissa */
export function curveText(
  curves: readonly Plotted[],
  { columns, logarithmic, x }: { columns: number; logarithmic: boolean; x: string },
): string {
  const width = Math.max(20, Math.min(72, columns - LABEL - 2));
  const place = (at: number): number => (logarithmic ? Math.log10(at) : at);
  const places = curves.flatMap(({ curve }) => curve.at.map(place));
  const [from, to] = [Math.min(...places), Math.max(...places)];
  const values = curves.flatMap(({ curve }) => [...curve.low, ...curve.high, ...curve.typical]);
  const top = Math.max(...values);
  const bottom = Math.min(0, ...values);
  const rowOf = (value: number): number => Math.round(((top - value) / (top - bottom || 1)) * (ROWS - 1));
  const grid = Array.from({ length: ROWS }, () => new Array<string>(width).fill(' '));
  for (const { curve, mark } of curves) {
    for (let column = 0; column < width; column++) {
      const at = from + ((to - from) * column) / (width - 1);
      const value = (list: readonly number[]): number => between(curve.at.map(place), list, at);
      const [high, low, typical] = [curve.high, curve.low, curve.typical].map((list) => rowOf(value(list)));
      for (let row = high; row <= low; row++) if (grid[row][column] === ' ') grid[row][column] = '.';
      grid[typical][column] = mark;
    }
  }
  const label = (row: number): string =>
    row % 4 === 0 || row === ROWS - 1 ? formatSi(top - ((top - bottom) * row) / (ROWS - 1), 'S') : '';
  const lines = grid.map((cells, row) => `${label(row).padStart(LABEL)} |${cells.join('').trimEnd()}`);
  const ends = [from, to].map((end) => (logarithmic ? `1e${Math.round(end)}` : String(Math.round(end))));
  const axis = `${' '.repeat(LABEL)} +${'-'.repeat(width)}`;
  const foot = `${' '.repeat(LABEL + 2)}${ends[0]}${x.padStart(Math.floor((width + x.length) / 2) - ends[0].length)}${ends[1].padStart(Math.max(1, width - ends[0].length - Math.max(x.length, Math.floor((width + x.length) / 2) - ends[0].length)))}`;
  return [...lines, axis, foot.trimEnd()].map((line) => `${line}\n`).join('');
}

/** The value at `x` on the lines through the points. */
function between(xs: readonly number[], ys: readonly number[], x: number): number {
  let k = 0;
  while (k < xs.length - 2 && xs[k + 1] < x) k++;
  const part = xs[k + 1] === xs[k] ? 0 : Math.min(1, Math.max(0, (x - xs[k]) / (xs[k + 1] - xs[k])));
  return ys[k] + (ys[k + 1] - ys[k]) * part;
}
