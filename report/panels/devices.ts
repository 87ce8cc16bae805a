/** Devices: conductance against pulses up and down, with the spread of cells as a band, and against time after programming. */
import type { DeviceCurve, DeviceCurves } from '../../core/chip-contract.ts';
import { formatSi } from '../../core/units.ts';
import type { ResultDocument } from '../../experiments/result.ts';
import { extent, niceDomain, niceTicks, xAxis, yAxis } from '../axes.ts';
import { formatNumber } from '../format.ts';
import type { Card, Panel } from '../panel.ts';
import { cards, drawnChips, fileName } from '../panel.ts';
import type { Point } from '../svg.ts';
import { bandPath, element, linearScale, linePath, svgFigure, textAt } from '../svg.ts';

const [WIDTH, HEIGHT] = [360, 200];

export function devicesPanel(document: ResultDocument): Panel | null {
  const list: Card[] = drawnChips(document).flatMap((chip) => {
    const curves = chip.result.deviceCurves;
    if (curves === undefined) return [];
    return [{ chip, body: drawDevice(curves, chip.className, `device-${chip.index}`), note: noteOf(curves) }];
  });
  if (list.length === 0) return null;
  return {
    id: 'devices',
    heading: 'Devices',
    body: cards(list),
    caption:
      'Lines are the mean cell, bands hold nine cells of ten: pulses up from the lower bound (rising), down from the upper one (falling). A straight pair of lines is an ideal cell; a wide band means that cells of one kind differ.',
    files: [
      {
        name: fileName(document, 'devices'),
        header: ['chip', 'curve', 'pulses_or_s', 'typical_S', 'p05_S', 'p95_S'],
        rows: list.flatMap(({ chip: { result } }) =>
          Object.entries(curvesOf(result.deviceCurves)).flatMap(([name, { at, typical, low, high }]) =>
            at.map((x, k) => [result.chip, name, x, typical[k], low[k], high[k]]),
          ),
        ),
      },
    ],
  };
}

function curvesOf(curves: DeviceCurves | undefined): Record<string, DeviceCurve> {
  if (curves === undefined) return {};
  const { up, down, retention } = curves;
  return { up, down, ...(retention && { retention }) };
}

const noteOf = ({ asymmetry, retention }: DeviceCurves): string =>
  `In the middle of the range a pulse up is ${formatNumber(asymmetry)} times a pulse down.${retention ? ` Retention: model ${retention.model}.` : ''}`;

/** Both sweeps over one axis of pulses, and below them the retention, where there is one. @param id unique on the page */
export function drawDevice({ up, down, retention }: DeviceCurves, className: string, id: string): string {
  const pulses = figure([up, down], {
    id: `${id}-pulses`,
    className,
    x: 'pulses',
    title: 'Conductance against pulses',
    logarithmic: false,
  });
  if (retention === undefined) return pulses;
  return (
    pulses +
    figure([retention], {
      id: `${id}-time`,
      className,
      x: 'seconds after programming',
      title: 'Conductance against time',
      logarithmic: true,
    })
  );
}

interface Frame {
  readonly id: string;
  readonly className: string;
  readonly title: string;
  readonly x: string;
  readonly logarithmic: boolean;
}

function figure(curves: readonly DeviceCurve[], { id, className, title, x, logarithmic }: Frame): string {
  const place = (at: number): number => (logarithmic ? Math.log10(at) : at);
  const ends = extent(curves.flatMap(({ at }) => at.map(place))) ?? [0, 1];
  const values = extent(curves.flatMap(({ typical, low, high }) => [...typical, ...low, ...high])) ?? [0, 1];
  const [unit, size] = UNITS.find(([, one]) => one <= values[1]) ?? UNITS[UNITS.length - 1];
  const domain = niceDomain(Math.min(0, values[0]) / size, values[1] / size, 4);
  const frame = { left: 44, right: WIDTH - 12, top: 20, bottom: HEIGHT - 38 };
  const toX = linearScale(ends, [frame.left, frame.right]);
  const toY = linearScale(domain, [frame.bottom, frame.top]);
  const points = ({ at }: DeviceCurve, list: readonly number[]): Point[] => at.map((one, k) => [toX(place(one)), toY(list[k] / size)]);
  const body = curves.flatMap((curve) => [
    element('path', { d: bandPath(points(curve, curve.high), points(curve, curve.low)), class: 'band' }),
    element('path', { d: linePath(points(curve, curve.typical)), class: 'curve' }),
  ]);
  const ticks = niceTicks(ends[0], ends[1], 4);
  const labels = logarithmic ? ticks.values.map((value) => `1e${value}`) : ticks.labels;
  const lines = curves.length === 2 ? 'a rising and a falling line' : 'one line';
  return svgFigure(
    {
      id,
      title,
      description: `${title}: ${lines} with the spread of cells, from ${formatSi(values[0], 'S')} to ${formatSi(values[1], 'S')}`,
      width: WIDTH,
      height: HEIGHT,
      className,
    },
    textAt(frame.left, 11, unit, { class: 'tick', 'text-anchor': 'end' }),
    yAxis(frame, toY, niceTicks(domain[0], domain[1], 4)),
    xAxis(frame, toX, { ...ticks, labels }, x),
    ...body,
  );
}

/** Largest first. */
const UNITS: readonly (readonly [unit: string, siemens: number])[] = [
  ['mS', 1e-3],
  ['\u00b5S', 1e-6],
  ['nS', 1e-9],
  ['pS', 1e-12],
];
