/** Weights before and after learning, with the values that the chip can hold as ticks under the axis. */
import type { ResultDocument, WeightPicture } from '../../experiments/result.ts';
import { extent, niceTicks, xAxis, yAxis } from '../axes.ts';
import { formatCount, formatNumber, isFiniteNumber, plural } from '../format.ts';
import type { Card, DrawnChip, Panel } from '../panel.ts';
import { cards, drawnChips, fileName } from '../panel.ts';
import { coordinate, element, linearScale, svgFigure, textAt } from '../svg.ts';

const WIDTH = 360;
const HEIGHT = 250;
/** The bar of the initial weights may rise this many times above the highest bar after learning before it is cut. */
const CUT = 2;

export function weightHistogramPanel(document: ResultDocument): Panel | null {
  const list: Card[] = drawnChips(document).flatMap((chip) => {
    const { weights } = chip.result;
    return weights && drawable(weights) ? [{ chip, ...drawHistogram(chip, weights) }] : [];
  });
  if (list.length === 0) return null;
  return {
    id: 'weights',
    heading: 'Weights before and after learning',
    body: cards(list),
    caption:
      'The filled shape is the distribution after learning, the dashed outline the one before; the comb under the axis marks every value the chip can hold, so a sparse comb means coarse weights and a pile at either end means saturation.',
    files: [
      {
        name: fileName(document, 'weights'),
        header: ['chip', 'projection', 'bin_lo', 'bin_hi', 'count_before', 'count_after'],
        rows: list.flatMap(({ chip }) => {
          const { weights, chip: name } = chip.result;
          const { edges, before, after } = weights?.histogram ?? { edges: [], before: [], after: [] };
          return after.map((count, k) => [name, weights?.projection, edges[k], edges[k + 1], before[k], count]);
        }),
      },
    ],
  };
}

function drawable({ histogram }: WeightPicture): boolean {
  const { edges, after, before } = histogram;
  return (
    after.length > 0 &&
    edges.length === after.length + 1 &&
    before.length === after.length &&
    edges.every(isFiniteNumber) &&
    edges[0] < edges[edges.length - 1]
  );
}

function drawHistogram(chip: DrawnChip, weights: WeightPicture): { body: string; note: string } {
  const { edges, before, after } = weights.histogram;
  const frame = { left: 46, right: WIDTH - 14, top: 24, bottom: HEIGHT - 56 };
  const highestAfter = Math.max(extent(after)?.[1] ?? 0, 1);
  const highestBefore = extent(before)?.[1] ?? 0;
  const top = Math.min(Math.max(highestAfter, highestBefore), highestAfter * CUT) * 1.05;
  const x = linearScale([edges[0], edges[edges.length - 1]], [frame.left, frame.right]);
  const y = linearScale([0, top], [frame.bottom, frame.top]);
  const cut = highestBefore > top;
  const peak = before.indexOf(highestBefore);
  const combTop = frame.bottom + 4;
  const levels = (weights.levels ?? []).filter((level) => isFiniteNumber(level) && level >= edges[0] && level <= edges[edges.length - 1]);
  const comb = levels.map((level) => `M${coordinate(x(level))} ${coordinate(combTop)}v9`).join('');
  const axis = { ...frame, bottom: frame.bottom + 16 };
  const peakNote = cut
    ? textAt(Math.min(x(edges[peak + 1]) + 5, frame.right - 90), frame.top + 8, `before: up to ${formatCount(highestBefore)}`, {
        class: 'tick',
      })
    : '';
  const levelWords = weights.levels === null ? 'continuous weights' : plural(weights.levels.length, 'level');
  return {
    body: svgFigure(
      {
        id: `weights-${chip.index}`,
        title: `Weights of ${weights.projection} on ${chip.result.title}`,
        description: `Before: ${inWords(edges, before)}. After: ${inWords(edges, after)}. ${levelWords}.`,
        width: WIDTH,
        height: HEIGHT,
      },
      textAt(0, 10, 'number of weights', { class: 'axis-name' }),
      yAxis(frame, y, niceTicks(0, top, 4)),
      element('path', { d: steps(edges, after, x, y, frame.bottom, top), class: `fill ${chip.className}` }),
      element('path', { d: steps(edges, before, x, y, frame.bottom, top), class: 'outline' }),
      comb === '' ? '' : element('path', { d: comb, class: 'comb', 'stroke-width': levels.length > 80 ? '0.5' : '1' }),
      peakNote,
      xAxis(axis, x, niceTicks(edges[0], edges[edges.length - 1], 5), 'weight, network units'),
    ),
    note: `${weights.projection}, ${levelWords}${weights.levels && weights.levels.length >= 512 ? ' (thinned for drawing)' : ''}`,
  };
}

/** Outline of the bars, cut at `top`. */
export function steps(
  edges: readonly number[],
  counts: readonly number[],
  x: (v: number) => number,
  y: (v: number) => number,
  base: number,
  top: number,
): string {
  let path = `M${coordinate(x(edges[0]))} ${coordinate(base)}`;
  counts.forEach((count, k) => {
    path += `V${coordinate(y(Math.min(top, isFiniteNumber(count) ? count : 0)))}H${coordinate(x(edges[k + 1]))}`;
  });
  return `${path}V${coordinate(base)}Z`;
}

function inWords(edges: readonly number[], counts: readonly number[]): string {
  const total = counts.reduce((sum, count) => sum + (isFiniteNumber(count) ? count : 0), 0);
  if (total === 0) return 'no weights';
  const mean = counts.reduce((sum, count, k) => sum + ((isFiniteNumber(count) ? count : 0) * (edges[k] + edges[k + 1])) / 2, 0) / total;
  return `${plural(total, 'weight')}, mean about ${formatNumber(mean)}`;
}
