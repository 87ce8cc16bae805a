/** Confusion matrices: rows are the true class, columns the answer, shade the share of the row. */
import type { ResultDocument } from '../../experiments/result.ts';
import { formatCount, formatPercent, isFiniteNumber } from '../format.ts';
import type { Card, DrawnChip, Panel } from '../panel.ts';
import { cards, drawnChips, fileName } from '../panel.ts';
import { rect, svgFigure, textAt } from '../svg.ts';

const WIDTH = 360;
/** Fullest shade; kept below one so that the ink of the page stays readable on it in both schemes. */
export const FULL_SHADE = 0.62;

export function confusionPanel(document: ResultDocument): Panel | null {
  const list: Card[] = drawnChips(document).flatMap((chip) => {
    const { confusion } = chip.result;
    return confusion && confusion.length > 0 && sum(confusion.flat()) > 0 ? [{ chip, body: drawMatrix(chip, confusion) }] : [];
  });
  if (list.length === 0) return null;
  return {
    id: 'confusion',
    heading: 'Which classes are confused',
    body: cards(list),
    caption:
      'Rows are the true class, columns the answer, and the shade and number the per cent of the row; a good chip is dark on the diagonal and empty elsewhere.',
    files: [
      {
        name: fileName(document, 'confusion'),
        header: ['chip', 'actual', 'answered', 'count'],
        rows: list.flatMap(({ chip }) =>
          (chip.result.confusion ?? []).flatMap((row, actual) => row.map((count, answered) => [chip.result.chip, actual, answered, count])),
        ),
      },
    ],
  };
}

function drawMatrix(chip: DrawnChip, matrix: readonly (readonly number[])[]): string {
  const classes = Math.max(matrix.length, ...matrix.map((row) => row.length));
  const left = 30;
  const top = 34;
  const cell = Math.min(48, (WIDTH - left - 2) / classes);
  const labelEvery = Math.ceil(12 / cell);
  const heads = Array.from({ length: classes }, (_, k) => k)
    .filter((k) => k % labelEvery === 0)
    .map(
      (k) =>
        textAt(left + (k + 0.5) * cell, top - 6, String(k), { class: 'tick', 'text-anchor': 'middle' }) +
        (k < matrix.length ? textAt(left - 6, top + (k + 0.5) * cell + 4, String(k), { class: 'tick', 'text-anchor': 'end' }) : ''),
    );
  const cells = matrix.map((row, actual) => {
    const whole = sum(row);
    return row.map((count, answered) => {
      if (!isFiniteNumber(count) || count <= 0 || whole <= 0) return '';
      const share = count / whole;
      const x = left + answered * cell;
      const y = top + actual * cell;
      const number =
        cell >= 22
          ? textAt(x + cell / 2, y + cell / 2 + 4, share < 0.005 ? '<1' : String(Math.round(share * 100)), {
              class: 'cell',
              'text-anchor': 'middle',
            })
          : '';
      return rect(x + 0.5, y + 0.5, cell - 1, cell - 1, { class: 'shade', 'fill-opacity': (share * FULL_SHADE).toFixed(3) }) + number;
    });
  });
  const right = sum(matrix.map((row, k) => row[k]));
  const all = sum(matrix.flat());
  return svgFigure(
    {
      id: `confusion-${chip.index}`,
      title: `Confusion matrix of ${chip.result.title}`,
      description: `${formatCount(right)} of ${formatCount(all)} answers right, ${formatPercent(right / all)}; ${worstInWords(matrix)}`,
      width: WIDTH,
      height: top + matrix.length * cell + 2,
    },
    textAt(left, 11, 'answered, across; true class, down', { class: 'axis-name' }),
    rect(left, top, classes * cell, matrix.length * cell, { class: 'box-outline' }),
    ...cells.flat(),
    ...heads,
  );
}

/** The commonest mistake, for the description. */
function worstInWords(matrix: readonly (readonly number[])[]): string {
  let worst = { actual: 0, answered: 0, count: 0 };
  matrix.forEach((row, actual) => {
    row.forEach((count, answered) => {
      if (actual !== answered && count > worst.count) worst = { actual, answered, count };
    });
  });
  return worst.count === 0
    ? 'no mistakes.'
    : `most often class ${worst.actual} is answered as ${worst.answered} (${formatCount(worst.count)} times).`;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + (isFiniteNumber(value) ? value : 0), 0);
}
