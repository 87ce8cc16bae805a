/** The curve of a check as a figure: lines with their spread over seeds, measurements over theory, a level to hold them against. */
import type { Axis, Curve, CurveLine } from '../experiments/verify/curve.ts';
import type { Ticks } from './axes.ts';
import { decadeDomain, decadeTicks, extent, niceDomain, niceTicks, xAxis, yAxis } from './axes.ts';
import { formatNumber } from './format.ts';
import { LIGHT } from './palette.ts';
import type { Point, Scale } from './svg.ts';
import { bandPath, element, escapeText, linearScale, linePath, logScale, svgFigure, textAt } from './svg.ts';

const [WIDTH, HEIGHT] = [360, 240];

/** Name of an axis with its unit. */
export const axisName = ({ label, unit }: Axis): string => (unit === '' ? label : `${label}, ${unit}`);

/** The legend and the figure below it. @param id unique on the page */
export function drawCurve(curve: Curve, id: string): string {
  return legend(curve) + figure(curve, id);
}

/** Theory is ink; measured lines take the colours in turn, the first after graphite. */
function classesOf({ lines }: Curve): string[] {
  let next = 0;
  return lines.map(({ style }) => (style === 'expected' ? '' : `chip-${1 + (next++ % (LIGHT.chips.length - 1))}`));
}

function legend(curve: Curve): string {
  const classes = classesOf(curve);
  const mark = (line: CurveLine, k: number): string =>
    line.style === 'expected'
      ? element('span', {}, element('i', { class: 'stroke', 'aria-hidden': 'true' }, ''), escapeText(line.label))
      : element(
          'span',
          { class: `chip-name ${classes[k]}` },
          element('i', { class: 'dot', 'aria-hidden': 'true' }, ''),
          escapeText(line.label),
        );
  const { reference } = curve;
  const level =
    reference === undefined
      ? []
      : [element('span', {}, element('i', { class: 'stroke dashed', 'aria-hidden': 'true' }, ''), escapeText(reference.label))];
  // theory that jumps comes in pieces of one name
  const marks = new Set(curve.lines.map(mark));
  return element('p', { class: 'legend' }, ...marks, ...level);
}

interface DrawnAxis {
  readonly ticks: Ticks;
  readonly domain: readonly [number, number];
}

/** @param nice whether the domain is widened to whole steps */
function drawnAxis({ scale }: Axis, [lo, hi]: readonly [number, number], nice: boolean): DrawnAxis {
  if (scale === 'logarithmic') {
    const domain = nice || lo === hi ? decadeDomain(lo, hi) : ([lo, hi] as const);
    return { domain, ticks: decadeTicks(...domain) };
  }
  const domain = nice ? niceDomain(lo, hi) : ([lo, hi] as const);
  return { domain, ticks: niceTicks(...domain) };
}

const scaleOf = ({ scale }: Axis, { domain }: DrawnAxis, range: readonly [number, number]): Scale =>
  (scale === 'logarithmic' ? logScale : linearScale)(domain, range);

function figure(curve: Curve, id: string): string {
  const { lines, reference } = curve;
  const levels = reference === undefined ? [] : [reference.y];
  // shares near one are told apart; everything else is seen against zero
  const origin = curve.y.scale === 'linear' && curve.kind !== 'probe' ? [0] : [];
  const values = lines.flatMap(({ y, low = [], high = [] }) => [...y, ...low, ...high]);
  const across = drawnAxis(curve.x, extent(lines.flatMap(({ x }) => x)) ?? [1, 10], false);
  const up = drawnAxis(curve.y, extent([...values, ...levels, ...origin]) ?? [1, 10], true);
  const widest = Math.max(...up.ticks.labels.map((label) => label.length), 3);
  const frame = { left: 16 + widest * 6.4, right: WIDTH - 16, top: 26, bottom: HEIGHT - 42 };
  const x = scaleOf(curve.x, across, [frame.left + 6, frame.right - 6]);
  const y = scaleOf(curve.y, up, [frame.bottom, frame.top]);
  const classes = classesOf(curve);
  return svgFigure(
    {
      id,
      title: curve.title,
      description: `${axisName(curve.y)} over ${axisName(curve.x)}. ${lines.map(describe).join(' ')}${reference === undefined ? '' : ` Level: ${reference.label}, ${formatNumber(reference.y)}.`}`,
      width: WIDTH,
      height: HEIGHT,
    },
    textAt(0, 10, axisName(curve.y), { class: 'axis-name' }),
    yAxis(frame, y, up.ticks),
    xAxis(frame, x, across.ticks, axisName(curve.x)),
    reference === undefined
      ? ''
      : element('path', {
          d: `${linePath([
            [frame.left, y(reference.y)],
            [frame.right, y(reference.y)],
          ])}`,
          class: 'outline',
        }),
    ...lines.map((line, k) => drawLine(line, classes[k], x, y)),
  );
}

function drawLine(line: CurveLine, className: string, x: Scale, y: Scale): string {
  const at = (values: readonly number[]): Point[] => values.map((value, k) => [x(line.x[k]), y(value)]);
  const path = linePath(at(line.y));
  if (line.style === 'expected') return element('path', { d: path, class: 'expected' });
  const dots = at(line.y).map(([cx, cy]) => element('circle', { cx, cy, r: line.style === 'points' ? 2.2 : 2.6, class: 'solid' }));
  const band = line.low && line.high ? element('path', { d: bandPath(at(line.high), at(line.low)), class: 'band' }) : '';
  return element('g', { class: className }, band, line.style === 'line' ? element('path', { d: path, class: 'curve' }) : '', ...dots);
}

function describe({ label, x, y }: CurveLine): string {
  const end = y.length - 1;
  return `${label}: ${formatNumber(y[0])} at ${formatNumber(x[0])}, ${formatNumber(y[end])} at ${formatNumber(x[end])}.`;
}
