/** What becomes of weight changes in each layer: the verdict in words, then one small figure per measure with a row for each layer and chip. */
import type { DiagnosedLayer, Diagnosis } from '../../experiments/diagnosis/diagnosis.ts';
import type { MeanOverSeeds, ResultDocument } from '../../experiments/result.ts';
import { extent, niceDomain, niceTicks, xAxis } from '../axes.ts';
import { formatNumber, formatPercent, isFiniteNumber, NONE, plural } from '../format.ts';
import type { DrawnChip, Panel } from '../panel.ts';
import { chipName, drawnChips, fileName } from '../panel.ts';
import type { Scale } from '../svg.ts';
import { element, escapeText, line, linearScale, svgFigure, textAt } from '../svg.ts';

interface Diagnosed {
  readonly chip: DrawnChip;
  readonly diagnosis: Diagnosis;
}

interface Measure {
  readonly name: string;
  /** How to read it, in a few words. */
  readonly note: string;
  readonly of: (layer: DiagnosedLayer) => MeanOverSeeds | null;
  /** A second figure to compare with, drawn hollow. */
  readonly beside?: (layer: DiagnosedLayer) => MeanOverSeeds | null;
  /** What the axis shows of a figure: degrees as they are, shares as per cent. */
  readonly times: number;
  readonly unit: string;
  /** Ends of the axis that it has at least. */
  readonly reaches: readonly [number, number];
}

const percents = { times: 100, unit: '%', reaches: [0, 100] } as const;

const MEASURES: readonly Measure[] = [
  {
    name: 'Angle to the ideal change',
    note: '0° as the rule asks, 90° unrelated; hollow: of the sum over samples, where chance averages out',
    of: ({ angleDegrees }) => angleDegrees,
    beside: ({ angleOfSumDegrees }) => angleOfSumDegrees,
    times: 1,
    unit: '°',
    reaches: [0, 90],
  },
  {
    name: 'Learning that arrives',
    note: 'share of the ideal change, along its direction',
    of: ({ carriedShare }) => carriedShare,
    ...percents,
  },
  { name: 'Changes lost', note: 'asked for, and nothing stored', of: ({ lostShare }) => lostShare, ...percents },
  {
    name: 'Signal to noise',
    note: 'mean change over its spread; hollow: of the ideal changes',
    of: ({ signalToNoise }) => signalToNoise,
    beside: ({ idealSignalToNoise }) => idealSignalToNoise,
    times: 1,
    unit: '',
    reaches: [0, 0.05],
  },
  {
    name: 'Saturated weights',
    note: 'at an end of their range; hollow: at the start',
    of: ({ saturatedShare }) => saturatedShare,
    beside: ({ saturatedShareAtFirst }) => saturatedShareAtFirst,
    ...percents,
  },
  { name: 'Active neurons', note: 'behind the layer, in a sample', of: ({ activity }) => activity.post.active, ...percents },
  {
    name: 'Angle to back-propagation',
    note: "of the chip's changes; hollow: of those that the rule asks for",
    of: ({ gradientDegrees }) => gradientDegrees?.chip ?? null,
    beside: ({ gradientDegrees }) => gradientDegrees?.ideal ?? null,
    times: 1,
    unit: '°',
    reaches: [0, 90],
  },
];

export function diagnosisPanel(document: ResultDocument): Panel | null {
  const all = drawnChips(document).flatMap((chip): Diagnosed[] =>
    chip.result.diagnosis === undefined ? [] : [{ chip, diagnosis: chip.result.diagnosis }],
  );
  if (all.length === 0) return null;
  const shown = MEASURES.filter(({ of }) => all.some(({ diagnosis }) => diagnosis.layers.some((layer) => of(layer) !== null)));
  return {
    id: 'diagnosis',
    heading: 'What becomes of weight changes',
    body:
      all.map(verdict).join('') +
      element('div', { class: 'cards multiples' }, ...shown.map((measure, n) => card(measure, all, `diagnosis-${n}`))),
    caption: `Each chip was shown ${plural(all[0].diagnosis.samples, 'training sample')} together with an ideal twin that had the same weights: dots are means over samples and seeds, lines their 95 % intervals over seeds.`,
    files: [table(document, all)],
  };
}

function verdict({ chip, diagnosis }: Diagnosed): string {
  const sentences = diagnosis.verdict.map((sentence) => element('li', {}, escapeText(sentence)));
  return element('h3', {}, chipName(chip)) + element('ul', { class: 'caveats' }, ...sentences);
}

function card(measure: Measure, all: readonly Diagnosed[], id: string): string {
  return element(
    'div',
    { class: 'card' },
    element('h3', {}, escapeText(measure.name)),
    draw(measure, all, id),
    element('p', { class: 'note' }, escapeText(measure.note)),
  );
}

const WIDTH = 340;
const LABEL = 20;
const ROW = 17;

interface Row {
  readonly chip: DrawnChip;
  readonly layer: DiagnosedLayer;
  /** Where it stands, from above. */
  readonly y: number;
}

function draw(measure: Measure, all: readonly Diagnosed[], id: string): string {
  const names = [...new Set(all.flatMap(({ diagnosis }) => diagnosis.layers.map(({ projection }) => projection)))];
  const groups = names
    .map((name) => ({
      name,
      chips: all.flatMap(({ chip, diagnosis }) =>
        diagnosis.layers.filter(({ projection }) => projection === name).map((layer) => ({ chip, layer })),
      ),
    }))
    .filter(({ chips }) => chips.some(({ layer }) => measure.of(layer) !== null));
  let bottom = 0;
  const labels: string[] = [];
  const rows = groups.flatMap(({ name, chips }): Row[] => {
    labels.push(textAt(2, bottom + 13, name, { class: 'direct' }));
    const own = chips.map(({ chip, layer }, k) => ({ chip, layer, y: bottom + LABEL + (k + 0.5) * ROW }));
    bottom += LABEL + chips.length * ROW + 6;
    return own;
  });
  const frame = { left: 6, right: WIDTH - 62, top: 0, bottom };
  const [lo, hi] = domainOf(measure, rows);
  const x = linearScale([lo, hi], [frame.left, frame.right]);
  const description = rows.map(({ chip, layer }) => `${layer.projection} on ${chip.result.title}: ${valueText(measure, layer)}.`).join(' ');
  return svgFigure(
    { id, title: measure.name, description, width: WIDTH, height: bottom + 24 },
    ...labels,
    ...rows.map((row) => drawRow(measure, row, x, [lo, hi], frame)),
    xAxis(frame, x, niceTicks(lo, hi, 4), ''),
  );
}

function drawRow(
  { of, beside, times, unit }: Measure,
  { chip, layer, y }: Row,
  x: Scale,
  [lo, hi]: readonly [number, number],
  { left, right }: { readonly left: number; readonly right: number },
): string {
  const at = (value: number): number => x(Math.min(hi, Math.max(lo, times * value)));
  const [figure, other] = [of(layer), beside?.(layer) ?? null];
  const interval = figure?.ci95?.every(isFiniteNumber) ? line(at(figure.ci95[0]), y, at(figure.ci95[1]), y, 'interval') : '';
  const hollow = other === null ? '' : element('circle', { cx: at(other.mean), cy: y, r: 4, class: 'hollow' });
  const dot = figure === null ? '' : element('circle', { cx: at(figure.mean), cy: y, r: 4.5, class: 'solid' });
  const text = valueText({ of, times, unit }, layer);
  return element(
    'g',
    { class: chip.className },
    line(left, y, right, y, 'grid'),
    interval,
    hollow,
    dot,
    textAt(WIDTH - 2, y + 4, text, { class: 'figure', 'text-anchor': 'end' }),
  );
}

/** The axis holds all means; intervals may be cut at its ends. */
function domainOf({ of, beside, times, reaches }: Measure, rows: readonly Row[]): [number, number] {
  const means = rows
    .flatMap(({ layer }) => [of(layer), beside?.(layer) ?? null])
    .flatMap((figure) => (figure === null ? [] : [times * figure.mean]));
  const [least, most] = extent([...means, ...reaches]) ?? reaches;
  return niceDomain(least, most);
}

function valueText({ of, times, unit }: Pick<Measure, 'of' | 'times' | 'unit'>, layer: DiagnosedLayer): string {
  const figure = of(layer);
  if (figure === null) return NONE;
  return unit === '%' ? formatPercent(figure.mean, 0) : `${formatNumber(times * figure.mean, 2)}${unit}`;
}

function table(document: ResultDocument, all: readonly Diagnosed[]) {
  const ends = (figure: MeanOverSeeds | null | undefined) => [figure?.mean, figure?.ci95?.[0], figure?.ci95?.[1]];
  const columns = MEASURES.flatMap(({ name, of, beside }) => {
    const title = name.toLowerCase().replaceAll(' ', '_');
    return [{ title, of }, ...(beside === undefined ? [] : [{ title: `${title}_beside`, of: beside }])];
  });
  return {
    name: fileName(document, 'diagnosis'),
    header: ['chip', 'layer', 'updates', ...columns.flatMap(({ title }) => [title, `${title}_lo`, `${title}_hi`])],
    rows: all.flatMap(({ chip, diagnosis }) =>
      diagnosis.layers.map((layer) => [chip.result.chip, layer.projection, layer.updates, ...columns.flatMap(({ of }) => ends(of(layer)))]),
    ),
  };
}
