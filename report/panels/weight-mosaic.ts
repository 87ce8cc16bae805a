/**
 * Receptive fields: the weights of each drawn neuron laid out as its input lies, on one colour scale for all chips. The scale is two-sided
 * about zero when weights of both signs occur and one-sided otherwise.
 */
import type { ResultDocument } from '../../experiments/result.ts';
import { extent } from '../axes.ts';
import { colourField, MIDDLE } from '../colour-field.ts';
import { formatNumber, isFiniteNumber } from '../format.ts';
import { DIVERGING_STEPS } from '../palette.ts';
import type { Card, DrawnChip, Panel } from '../panel.ts';
import { cards, drawnChips, fileName } from '../panel.ts';
import { coordinate, element, rect, svgFigure, textAt } from '../svg.ts';

const WIDTH = 360;
const FIELDS_PER_CHIP = 20;
const GAP = 10;
const LABEL = 17;

type Mosaic = {
  readonly rows: number;
  readonly columns: number;
  readonly labels: readonly string[];
  readonly fields: readonly (readonly number[])[];
};

export function weightMosaicPanel(document: ResultDocument): Panel | null {
  const chips = drawnChips(document).flatMap((chip) => {
    const mosaic = chip.result.weights?.mosaic;
    return mosaic && drawable(mosaic) ? [{ chip, mosaic }] : [];
  });
  const range = extent(chips.flatMap(({ mosaic }) => mosaic.fields.slice(0, FIELDS_PER_CHIP)).flatMap((field) => extent(field) ?? []));
  if (chips.length === 0 || !range) return null;
  const largest = Math.max(Math.abs(range[0]), Math.abs(range[1])) || 1;
  const list: Card[] = chips.map(({ chip, mosaic }) => ({
    chip,
    body: drawMosaic(chip, mosaic, largest),
    note: mosaic.fields.length > FIELDS_PER_CHIP ? `The first ${FIELDS_PER_CHIP} of ${mosaic.fields.length} neurons.` : undefined,
  }));
  return {
    id: 'mosaic',
    heading: 'What the neurons respond to',
    body: legend(range, largest) + cards(list),
    caption:
      'Each square is one neuron and each cell the weight from one input, in the layout of the input; a neuron that has learned shows the shape it answers to, one that has not stays uniform.',
    files: [
      {
        name: fileName(document, 'mosaic'),
        header: ['chip', 'neuron', 'row', 'column', 'weight'],
        rows: chips.flatMap(({ chip, mosaic }) =>
          mosaic.fields
            .slice(0, FIELDS_PER_CHIP)
            .flatMap((field, neuron) =>
              field.map((weight, k) => [
                chip.result.chip,
                mosaic.labels[neuron] ?? neuron,
                Math.floor(k / mosaic.columns),
                k % mosaic.columns,
                isFiniteNumber(weight) ? Number(weight.toPrecision(4)) : null,
              ]),
            ),
        ),
      },
    ],
  };
}

/** Whether the fields have the shape that they claim. */
function drawable({ rows, columns, fields }: Mosaic): boolean {
  return rows > 0 && columns > 0 && fields.length > 0 && fields.every((field) => field.length === rows * columns);
}

function drawMosaic(chip: DrawnChip, mosaic: Mosaic, largest: number): string {
  const fields = mosaic.fields.slice(0, FIELDS_PER_CHIP);
  const aspect = mosaic.columns / mosaic.rows;
  const across = aspect > 6 ? 1 : Math.min(fields.length, fields.length <= 4 ? Math.max(2, fields.length) : 5);
  const fieldWidth = Math.min(150, (WIDTH - GAP * (across - 1)) / across, 170 * aspect);
  const fieldHeight = Math.max(8, fieldWidth / aspect);
  const cellWidth = fieldWidth / mosaic.columns;
  const cellHeight = fieldHeight / mosaic.rows;
  const lines = Math.ceil(fields.length / across);
  const body = fields.map((field, k) => {
    const left = (k % across) * (fieldWidth + GAP);
    const top = Math.floor(k / across) * (fieldHeight + LABEL + GAP);
    const inner = colourField(field, mosaic, largest);
    return (
      element(
        'g',
        {
          transform: `translate(${coordinate(left)} ${coordinate(top)}) scale(${cellWidth.toFixed(4)} ${cellHeight.toFixed(4)})`,
          class: 'cells',
        },
        inner,
      ) + textAt(left + fieldWidth / 2, top + fieldHeight + 13, mosaic.labels[k] ?? String(k), { class: 'tick', 'text-anchor': 'middle' })
    );
  });
  return svgFigure(
    {
      id: `mosaic-${chip.index}`,
      title: `Receptive fields on ${chip.result.title}`,
      description: `${fields.length} fields of ${mosaic.rows} by ${mosaic.columns} weights.`,
      width: WIDTH,
      height: lines * (fieldHeight + LABEL + GAP) - GAP,
    },
    ...body,
  );
}

function legend(range: readonly [number, number], largest: number): string {
  const from = range[0] < 0 ? 0 : MIDDLE;
  const to = range[1] > 0 ? DIVERGING_STEPS - 1 : MIDDLE;
  const width = 220;
  const cell = width / (to - from + 1);
  const steps = Array.from({ length: to - from + 1 }, (_, k) => rect(10 + k * cell, 2, cell + 0.3, 12, { class: `d${from + k}` }));
  const ends: [number, string][] = [[10, from === 0 ? formatNumber(-largest) : '0']];
  if (from === 0 && to > MIDDLE) ends.push([10 + width / 2, '0']);
  ends.push([10 + width, to > MIDDLE ? formatNumber(largest) : '0']);
  const labels = ends.map(([x, text]) => textAt(x, 28, text, { class: 'tick', 'text-anchor': 'middle' }));
  return svgFigure(
    {
      id: 'mosaic-legend',
      title: 'Colour scale of the weights',
      description: `From ${ends[0][1]} to ${ends[ends.length - 1][1]} in network units.`,
      width: 380,
      height: 32,
      className: 'scale',
    },
    ...steps,
    ...labels,
    textAt(10 + width + 24, 13, 'network units', { class: 'tick' }),
  );
}
