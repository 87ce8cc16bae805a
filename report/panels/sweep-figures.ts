/**
 * What came out of a sweep, drawn: over numbers a line per series with the band of its 95 % intervals, over names a row each with a dot and its
 * interval. Values stand at equal distances, since most rows of values are doublings or steps of three.
 */
import type { SeedStatistic, SweepResult } from '../../experiments/result.ts';
import type { AxisFrame } from '../axes.ts';
import { extent, niceDomain, niceTicks, xAxis, yAxis } from '../axes.ts';
import { formatPercent, formatPercentRange, isFiniteNumber } from '../format.ts';
import { narrowAndWide } from '../panel.ts';
import type { Point } from '../svg.ts';
import { bandPath, element, escapeText, line, linearScale, linePath, svgFigure, textAt } from '../svg.ts';
import { percentLabels } from './learning-curves.ts';

export interface SweepPoint {
  readonly value: string;
  readonly accuracy: SeedStatistic | null;
}

export interface Series {
  readonly name: string;
  readonly points: readonly SweepPoint[];
}

/** A line across the figure that points are compared with, and how far below it counts as level with it. */
export interface Yardstick {
  readonly name: string;
  readonly accuracy: number;
  readonly tolerance: number;
}

export interface SweepFigure {
  /** Unique on the page. */
  readonly id: string;
  readonly title: string;
  readonly axis: string;
  readonly series: readonly Series[];
  readonly yardstick?: Yardstick;
  /** Value to be marked. */
  readonly threshold?: string | null;
}

/** Series that have a colour of their own. */
const COLOURS = 5;
const ROW = 26;

export const classOf = (series: number): string => `chip-${1 + (series % COLOURS)}`;

export function curveFigure(figure: SweepFigure): string {
  const legend = element(
    'p',
    { class: 'legend' },
    ...figure.series.map(({ name }, k) =>
      element('span', { class: `chip-name ${classOf(k)}` }, element('i', { class: 'dot', 'aria-hidden': 'true' }, ''), escapeText(name)),
    ),
  );
  return (
    element('p', { class: 'ordinate' }, 'accuracy') +
    narrowAndWide((width, suffix) => drawCurves(figure, width, `${figure.id}-${suffix}`)) +
    (figure.series.length > 1 ? legend : '')
  );
}

/** Everything that an ordinate has to hold. */
function rangeOf({ series, yardstick }: SweepFigure): [number, number] {
  const points = series.flatMap((one) => one.points.flatMap(({ accuracy }) => (accuracy ? [accuracy.mean, ...(accuracy.ci95 ?? [])] : [])));
  const found = extent(yardstick === undefined ? points : [...points, yardstick.accuracy, yardstick.accuracy - yardstick.tolerance]) ?? [
    0, 1,
  ];
  const nice = niceDomain(found[0], found[1], 6);
  return [Math.max(0, nice[0]), Math.min(1, nice[1])];
}

function drawCurves(figure: SweepFigure, width: number, id: string): string {
  const wide = width > 600;
  const height = wide ? 360 : 270;
  const frame: AxisFrame = { left: 54, right: width - 16, top: 18, bottom: height - 42 };
  const values = [...new Set(figure.series.flatMap(({ points }) => points.map(({ value }) => value)))];
  const domain = rangeOf(figure);
  const x = linearScale([-0.5, values.length - 0.5], [frame.left, frame.right]);
  const y = linearScale(domain, [frame.bottom, frame.top]);
  const yTicks = niceTicks(domain[0], domain[1], 6);
  const every = Math.ceil(values.length / (wide ? 16 : 8));
  const shown = values.map((_, k) => k).filter((k) => k % every === 0);
  return svgFigure(
    { id, title: figure.title, description: figure.series.map(describe).join(' '), width, height },
    yAxis(frame, y, { ...yTicks, labels: percentLabels(yTicks.values, yTicks.step) }),
    xAxis(frame, x, { values: shown, labels: shown.map((k) => values[k]), step: every }, figure.axis),
    yardstickMarks(figure, frame, y),
    thresholdMark(figure, values, frame, x),
    ...figure.series.map((one, k) => drawSeries(one, classOf(k), (value) => x(values.indexOf(value)), y)),
  );
}

function drawSeries({ points }: Series, className: string, x: (value: string) => number, y: (share: number) => number): string {
  const at = (pick: (accuracy: SeedStatistic) => number | undefined): Point[] =>
    points.map(({ value, accuracy }) => [x(value), accuracy === null ? Number.NaN : y(pick(accuracy) ?? Number.NaN)]);
  const means = at(({ mean }) => mean);
  const dots = means.filter(([, py]) => Number.isFinite(py)).map(([cx, cy]) => element('circle', { cx, cy, r: 3.5, class: 'solid' }));
  return element(
    'g',
    { class: className },
    element('path', {
      d: bandPath(
        at(({ ci95 }) => ci95?.[1]),
        at(({ ci95 }) => ci95?.[0]),
      ),
      class: `band ${className}`,
    }),
    element('path', { d: linePath(means), class: 'curve' }),
    ...dots,
  );
}

function yardstickMarks({ yardstick }: SweepFigure, frame: AxisFrame, y: (share: number) => number): string {
  if (yardstick === undefined) return '';
  const { name, accuracy, tolerance } = yardstick;
  const limit = linePath([
    [frame.left, y(accuracy - tolerance)],
    [frame.right, y(accuracy - tolerance)],
  ]);
  return (
    line(frame.left, y(accuracy), frame.right, y(accuracy), 'range') +
    element('path', { d: limit, class: 'outline' }) +
    textAt(frame.left + 4, y(accuracy) - 6, name, { class: 'label' })
  );
}

function thresholdMark({ threshold }: SweepFigure, values: readonly string[], frame: AxisFrame, x: (place: number) => number): string {
  const place = values.indexOf(threshold ?? '');
  return place < 0 ? '' : line(x(place), frame.top, x(place), frame.bottom, 'axis');
}

const describe = ({ name, points }: Series): string =>
  `${name}: ${points.map(({ value, accuracy }) => `${value}, ${formatPercent(accuracy?.mean)}`).join('; ')}.`;

/** A row for each value, best first. */
export function rowsFigure(figure: SweepFigure): string {
  return narrowAndWide((width, suffix) => drawRows(figure, width, `${figure.id}-${suffix}`));
}

function drawRows(figure: SweepFigure, width: number, id: string): string {
  const points = figure.series
    .flatMap((one) => one.points)
    .filter((point) => isFiniteNumber(point.accuracy?.mean))
    .toSorted((a, b) => (b.accuracy?.mean ?? 0) - (a.accuracy?.mean ?? 0));
  const wide = width > 600;
  const label = Math.min(wide ? 300 : 150, 20 + 7 * Math.max(...points.map(({ value }) => value.length)));
  const frame: AxisFrame = { left: label, right: width - 20, top: 0, bottom: points.length * ROW + 8 };
  const domain = rangeOf(figure);
  const x = linearScale(domain, [frame.left, frame.right]);
  const percent = linearScale([100 * domain[0], 100 * domain[1]], [frame.left, frame.right]);
  const rows = points.map(({ value, accuracy }, k) => {
    const middle = k * ROW + ROW / 2;
    const [lo, hi] = accuracy?.ci95 ?? [];
    return [
      textAt(0, middle + 4, shortened(value, Math.floor((label - 8) / 7)), { class: value === figure.threshold ? 'direct' : 'label' }),
      lo === undefined || hi === undefined ? '' : line(x(lo), middle, x(hi), middle, 'interval'),
      element('circle', { cx: x(accuracy?.mean ?? 0), cy: middle, r: 5, class: 'solid' }),
    ].join('');
  });
  const description = points
    .map(({ value, accuracy }) => `${value}: ${formatPercent(accuracy?.mean)}, ${formatPercentRange(accuracy?.ci95)}.`)
    .join(' ');
  const { yardstick } = figure;
  return svgFigure(
    { id, title: figure.title, description, width, height: frame.bottom + 40, className: classOf(0) },
    yardstick === undefined ? '' : line(x(yardstick.accuracy), frame.top, x(yardstick.accuracy), frame.bottom, 'range'),
    ...rows,
    xAxis(frame, percent, niceTicks(100 * domain[0], 100 * domain[1], wide ? 8 : 4), 'accuracy, %'),
  );
}

const shortened = (text: string, most: number): string => (text.length > most ? `…${text.slice(text.length - most + 1)}` : text);

/** The values of an axis that are numbers, and whether there are enough to draw a line through. */
export const isNumeric = ({ values }: SweepResult['axes'][number]): boolean =>
  values.length > 1 && values.every((value) => Number.isFinite(Number(value)));
