/** Learning curves: the mean over seeds as a line, the smallest and largest seed as a band, the chip's name at the end of its line. */
import type { LearningCurve, ResultDocument } from '../../experiments/result.ts';
import { extent, niceDomain, niceTicks, xAxis, yAxis } from '../axes.ts';
import { isFiniteNumber, plural } from '../format.ts';
import type { DrawnChip, Panel } from '../panel.ts';
import { chipName, drawnChips, fileName, narrowAndWide } from '../panel.ts';
import type { Point } from '../svg.ts';
import { bandPath, element, escapeText, linearScale, linePath, svgFigure, textAt } from '../svg.ts';

interface CurveSummary {
  readonly chip: DrawnChip;
  readonly curve: LearningCurve;
  /** [point] over the seeds that have a finite value there; NaN where none has. */
  readonly mean: readonly number[];
  readonly lo: readonly number[];
  readonly hi: readonly number[];
}

export function learningCurvesPanel(document: ResultDocument): Panel | null {
  const summaries = drawnChips(document).flatMap((chip) => summarise(chip));
  if (summaries.length === 0) return null;
  const isOfErrors = document.results.some(({ novelty }) => novelty !== undefined);
  const labels = [...new Set(summaries.map(({ curve }) => curve.label))];
  const figures = labels.map((label, k) => {
    const group = summaries.filter(({ curve }) => curve.label === label);
    const legend = element('p', { class: 'legend only-narrow' }, ...group.map(({ chip }) => chipName(chip)));
    return (
      element('p', { class: 'ordinate' }, escapeText(label)) +
      narrowAndWide((width, suffix) => drawCurves(group, label, width, `curves-${k}-${suffix}`)) +
      legend
    );
  });
  return {
    id: 'curves',
    heading: 'Learning curves',
    body: figures.join(''),
    caption: `Each line is the mean over seeds and its band reaches from the worst to the best seed; ${
      isOfErrors
        ? 'a chip that learns less levels off higher, a chip that learns slower falls later'
        : 'a chip that learns less levels off lower, a chip that learns slower rises later'
    }.`,
    files: [
      {
        name: fileName(document, 'curves'),
        header: ['chip', 'ordinate', 'seed_index', 'samples', 'value'],
        rows: summaries.flatMap(({ chip, curve }) =>
          curve.perSeed.flatMap((values, seed) => values.map((value, k) => [chip.result.chip, curve.label, seed, curve.samples[k], value])),
        ),
      },
    ],
  };
}

function summarise(chip: DrawnChip): CurveSummary[] {
  const { curve } = chip.result;
  if (!curve) return [];
  const points = curve.samples.map((_, k) => curve.perSeed.map((values) => values[k]).filter(isFiniteNumber));
  if (points.every((values) => values.length === 0)) return [];
  return [
    {
      chip,
      curve,
      mean: points.map((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
      lo: points.map((values) => extent(values)?.[0] ?? Number.NaN),
      hi: points.map((values) => extent(values)?.[1] ?? Number.NaN),
    },
  ];
}

function drawCurves(group: readonly CurveSummary[], label: string, width: number, id: string): string {
  const wide = width > 600;
  const height = wide ? 380 : 280;
  const longest = Math.max(...group.map(({ chip }) => shorten(chip.result.title).length));
  const frame = { left: 54, right: width - (wide ? 32 + longest * 7.2 : 12), top: 14, bottom: height - 42 };
  const xRange = extent(group.flatMap(({ curve }) => curve.samples)) ?? [0, 1];
  const yRange = extent(group.flatMap(({ lo, hi }) => [...lo, ...hi])) ?? [0, 1];
  const isShare = yRange[0] >= 0 && yRange[1] <= 1;
  const nice = niceDomain(yRange[0], yRange[1], 6);
  const domain: [number, number] = isShare ? [Math.max(0, nice[0]), Math.min(1, nice[1])] : nice;
  const x = linearScale([Math.min(0, xRange[0]), xRange[1]], [frame.left, frame.right]);
  const y = linearScale(domain, [frame.bottom, frame.top]);
  const yTicks = niceTicks(domain[0], domain[1], 6);
  const shareTicks = isShare ? { ...yTicks, labels: percentLabels(yTicks.values, yTicks.step) } : yTicks;

  const bands = group.map(({ chip, curve, lo, hi }) => {
    const at = (values: readonly number[]): Point[] => values.map((value, k) => [x(curve.samples[k]), y(value)]);
    return element('path', { d: bandPath(at(hi), at(lo)), class: `band ${chip.className}` });
  });
  const lines = group.map(({ chip, curve, mean }) => {
    const points = mean.map((value, k): Point => [x(curve.samples[k]), y(value)]);
    const last = points.findLast(([, py]) => Number.isFinite(py));
    const end = last ? element('circle', { cx: last[0], cy: last[1], r: 3.5, class: 'solid' }) : '';
    return element('g', { class: chip.className }, element('path', { d: linePath(points), class: 'curve' }), end);
  });
  const ends = group.map(({ mean }) => y(mean.findLast(Number.isFinite) ?? domain[0]));
  const places = spread(ends, 17, frame.top + 4, frame.bottom);
  const names = group.map(({ chip }, k) => {
    const leader = linePath([
      [frame.right + 6, ends[k]],
      [frame.right + 18, places[k]],
    ]);
    const name = textAt(frame.right + 22, places[k] + 4, shorten(chip.result.title), { class: 'direct' });
    return element('path', { d: leader, class: `leader ${chip.className}` }) + name;
  });

  return svgFigure(
    {
      id,
      title: label,
      description: group.map((summary) => describe(summary, isShare)).join(' '),
      width,
      height,
    },
    yAxis(frame, y, shareTicks),
    xAxis(frame, x, niceTicks(Math.min(0, xRange[0]), xRange[1], wide ? 8 : 4), 'training samples seen'),
    ...bands,
    ...lines,
    ...(wide ? names : []),
  );
}

function describe({ chip, curve, mean }: CurveSummary, isShare: boolean): string {
  const written = (value: number | undefined): string =>
    isShare ? `${((value ?? 0) * 100).toFixed(1)} %` : String(Number((value ?? 0).toPrecision(3)));
  return `${chip.result.title}: from ${written(mean.find(Number.isFinite))} to ${written(mean.findLast(Number.isFinite))}, ${plural(curve.perSeed.length, 'seed')}.`;
}

/**
 * Moves labels apart to at least `gap`, keeping their order and staying between `top` and `bottom`. Labels that would touch form a block
 * about the mean of the places they wanted (least squares under an order constraint, by pooling adjacent violators).
 */
export function spread(wanted: readonly number[], gap: number, top: number, bottom: number): number[] {
  const order = wanted.map((_, k) => k).sort((a, b) => wanted[a] - wanted[b]);
  const blocks: { mean: number; size: number }[] = [];
  order.forEach((k, rank) => {
    let block = { mean: wanted[k] - rank * gap, size: 1 };
    for (let last = blocks.at(-1); last && last.mean > block.mean; last = blocks.at(-1)) {
      const size = last.size + block.size;
      block = { mean: (last.mean * last.size + block.mean * block.size) / size, size };
      blocks.pop();
    }
    blocks.push(block);
  });
  const highest = bottom - (wanted.length - 1) * gap;
  const offsets = blocks.flatMap(({ mean, size }) => Array.from({ length: size }, () => Math.max(top, Math.min(highest, mean))));
  const placed = [...wanted];
  order.forEach((k, rank) => {
    placed[k] = offsets[rank] + rank * gap;
  });
  return placed;
}

/** Ticks of shares. */
export function percentLabels(values: readonly number[], step: number): string[] {
  const decimals = step * 100 >= 1 || step === 0 ? 0 : 1;
  return values.map((value) => `${(value * 100).toFixed(decimals)} %`);
}

function shorten(title: string): string {
  return title.length > 26 ? `${title.slice(0, 25).trimEnd()}…` : title;
}
