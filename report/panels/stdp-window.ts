/** The measured STDP window of each chip over the curve that the rule's closed form expects, on one ordinate for all chips. */
import type { ResultDocument, WindowCurve } from '../../experiments/result.ts';
import { extent, niceDomain, niceTicks, xAxis, yAxis } from '../axes.ts';
import { isFiniteNumber, plural } from '../format.ts';
import type { Card, DrawnChip, Panel } from '../panel.ts';
import { cards, drawnChips, fileName } from '../panel.ts';
import type { Point } from '../svg.ts';
import { coordinate, element, line, linearScale, linePath, svgFigure, textAt } from '../svg.ts';

const WIDTH = 360;
const HEIGHT = 250;

export function stdpWindowPanel(document: ResultDocument): Panel | null {
  const chips = drawnChips(document).flatMap((chip) => {
    const { window } = chip.result;
    return window && pairs(window).length > 0 ? [{ chip, window }] : [];
  });
  if (chips.length === 0) return null;
  const xRange = extent(chips.flatMap(({ window }) => window.deltaT)) ?? [0, 0];
  const yRange = extent(
    chips.flatMap(({ window }) => pairs(window).flatMap(({ mean, sd, expected }) => [mean - sd, mean + sd, expected ?? mean])),
  );
  const domain = niceDomain(Math.min(0, yRange?.[0] ?? 0), Math.max(0, yRange?.[1] ?? 0), 5);
  const list: Card[] = chips.map(({ chip, window }) => ({
    chip,
    body: drawWindow(chip, window, [xRange[0] * 1e3, xRange[1] * 1e3], domain),
    note: `${plural(window.n, 'repeat')} per point${window.expected ? '' : '; the rule has no closed form to compare with'}`,
  }));
  return {
    id: 'window',
    heading: 'STDP window',
    body: cards(list),
    caption:
      'Each dot is the mean weight change for one spike-time difference (right of zero: the pre neuron fired first), its bar one standard deviation over repeats; the thin line is the closed form of the ideal rule, and dots off the line are what the chip does to the rule.',
    files: [
      {
        name: fileName(document, 'window'),
        header: ['chip', 'delta_t_s', 'delta_w_mean', 'delta_w_sd', 'delta_w_expected', 'repeats'],
        rows: chips.flatMap(({ chip, window }) =>
          window.deltaT.map((t, k) => [chip.result.chip, t, window.deltaW[k], window.sd[k], window.expected?.[k], window.n]),
        ),
      },
    ],
  };
}

interface WindowPoint {
  /** Milliseconds. */
  readonly time: number;
  readonly mean: number;
  readonly sd: number;
  readonly expected: number | undefined;
}

/** Points with a finite measurement, in order of time. */
function pairs(window: WindowCurve): WindowPoint[] {
  return window.deltaT
    .map((t, k) => ({
      time: t * 1e3,
      mean: window.deltaW[k],
      sd: isFiniteNumber(window.sd[k]) ? window.sd[k] : 0,
      expected: isFiniteNumber(window.expected?.[k]) ? window.expected?.[k] : undefined,
    }))
    .filter(({ time, mean }) => isFiniteNumber(time) && isFiniteNumber(mean))
    .sort((a, b) => a.time - b.time);
}

function drawWindow(chip: DrawnChip, window: WindowCurve, xDomain: readonly [number, number], domain: readonly [number, number]): string {
  const ticks = niceTicks(domain[0], domain[1], 5);
  const widest = Math.max(...ticks.labels.map((label) => label.length), 3);
  const frame = { left: 16 + widest * 6.4, right: WIDTH - 14, top: 26, bottom: HEIGHT - 42 };
  const x = linearScale(xDomain, [frame.left + 6, frame.right - 6]);
  const y = linearScale(domain, [frame.bottom, frame.top]);
  const points = pairs(window);
  // The window jumps at zero, so the expected curve is drawn in two pieces.
  const piece = (keep: (time: number) => boolean): string =>
    linePath(
      points
        .filter(({ time, expected }) => keep(time) && expected !== undefined)
        .map(({ time, expected }): Point => [x(time), y(expected ?? 0)]),
    );
  const expected = piece((time) => time < 0) + piece((time) => time >= 0);
  const errorBars = points
    .map(({ time, mean, sd }) => (sd > 0 ? `M${coordinate(x(time))} ${coordinate(y(mean - sd))}V${coordinate(y(mean + sd))}` : ''))
    .join('');
  const dots = points.map(({ time, mean }) =>
    element('circle', { cx: x(time), cy: y(mean), r: points.length > 60 ? 1.6 : 2.6, class: 'solid' }),
  );
  const extremes = extent(points.map(({ mean }) => mean)) ?? [0, 0];
  return svgFigure(
    {
      id: `window-${chip.index}`,
      title: `STDP window on ${chip.result.title}`,
      description: `${plural(points.length, 'point')}; weight change from ${extremes[0].toPrecision(3)} to ${extremes[1].toPrecision(3)} in network units.`,
      width: WIDTH,
      height: HEIGHT,
    },
    textAt(0, 10, 'weight change, network units', { class: 'axis-name' }),
    yAxis(frame, y, ticks),
    line(frame.left, y(0), frame.right, y(0), 'axis'),
    xDomain[0] < 0 && xDomain[1] > 0 ? line(x(0), frame.top, x(0), frame.bottom, 'axis') : '',
    xAxis(frame, x, niceTicks(xDomain[0], xDomain[1], 6), 'post − pre, ms'),
    errorBars === '' ? '' : element('path', { d: errorBars, class: `error-bar ${chip.className}` }),
    expected === '' ? '' : element('path', { d: expected, class: 'expected' }),
    element('g', { class: chip.className }, ...dots),
  );
}
