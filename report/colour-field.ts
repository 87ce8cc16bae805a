/**
 * A grid of cells on the two-sided colour scale. Neighbouring cells of one colour are drawn as one strip, and all strips of one colour as one path, which
 * keeps a 28 × 28 field below ten kilobytes.
 */
import { isFiniteNumber } from './format.ts';
import { DIVERGING_STEPS } from './palette.ts';
import { element } from './svg.ts';

/** Colour class of zero. */
export const MIDDLE = (DIVERGING_STEPS - 1) / 2;

/** Colour class 0…20 of a value, 10 is zero. @param largest size that has the full colour */
export function divergingStep(value: number, largest: number): number {
  return Math.min(DIVERGING_STEPS - 1, Math.max(0, Math.round(MIDDLE + (value / largest) * MIDDLE)));
}

/** One path per colour, in cells of size one. @param field [rows*columns] */
export function colourField(
  field: readonly number[],
  { rows, columns }: { readonly rows: number; readonly columns: number },
  largest: number,
): string {
  const paths = new Map<number, string>();
  for (let row = 0; row < rows; row++) {
    let start = 0;
    for (let column = 1; column <= columns; column++) {
      const step = stepAt(field, row * columns + start, largest);
      if (column < columns && stepAt(field, row * columns + column, largest) === step) continue;
      const width = column - start;
      if (step >= 0) paths.set(step, `${paths.get(step) ?? ''}M${start} ${row}h${width}v1h-${width}z`);
      start = column;
    }
  }
  return [...paths]
    .sort(([a], [b]) => a - b)
    .map(([step, d]) => element('path', { d, class: `d${step}` }))
    .join('');
}

/** -1 where there is no value. */
function stepAt(field: readonly number[], k: number, largest: number): number {
  return isFiniteNumber(field[k]) ? divergingStep(field[k], largest) : -1;
}
