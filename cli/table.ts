/** Tables of text for a terminal, and the table of results: accuracy, updates, energy, and the difference to the ideal chip. */
import pc from 'picocolors';
import { formatSi } from '../core/units.ts';
import { scoreName } from '../experiments/novelty-result.ts';
import type { ChipResult, ResultDocument, SeedStatistic } from '../experiments/result.ts';

const NOTHING = '-';

/** Columns padded to their widest cell, two spaces apart; the header is dimmed where there are colours. */
export function textTable(header: readonly string[], rows: readonly (readonly string[])[], colour = false): string {
  const widths = header.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column].length)));
  const lineOf = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => cell.padEnd(widths[column]))
      .join('  ')
      .trimEnd();
  const { dim } = pc.createColors(colour);
  return [dim(lineOf(header)), ...rows.map(lineOf)].map((line) => `${line}\n`).join('');
}

interface Column {
  readonly title: string;
  readonly cell: (result: ChipResult) => string;
}

/** One row per chip; columns that no chip has a figure for are left out. */
export function resultTable(document: ResultDocument, colour = false): string {
  const ideal = document.results.find(({ chip }) => chip === 'ideal');
  const columns: readonly Column[] = [
    {
      title: scoreTitle(document),
      cell: ({ accuracy }) => (accuracy === null ? NOTHING : withInterval(accuracy.mean, accuracy.ci95)),
    },
    { title: 'held out', cell: ({ novelty }) => novelty?.heldOut.join(', ') ?? NOTHING },
    { title: 'error spikes per image: known, held out', cell: errorSpikes },
    { title: 'squared error', cell: squaredError },
    { title: 'off closed form', cell: offClosedForm },
    { title: 'device sets', cell: deviceSets },
    { title: 'later', cell: laterText },
    { title: 'updates', cell: ({ learningCost }) => countText(learningCost.synapticUpdates) },
    { title: 'energy/update', cell: energyPerUpdate },
    { title: 'total', cell: totalEnergy },
    { title: 'vs ideal', cell: (result) => difference(result, ideal) },
  ];
  const isAlwaysThere = (title: string): boolean => title === 'updates';
  const shown = columns.filter(({ title, cell }) => isAlwaysThere(title) || document.results.some((result) => cell(result) !== NOTHING));
  return textTable(
    ['chip', ...shown.map(({ title }) => title)],
    document.results.map((result) => [result.chip, ...shown.map(({ cell }) => cell(result))]),
    colour,
  );
}

/** `area under the curve (95 % CI)` */
export const scoreTitle = ({ results }: Pick<ResultDocument, 'results'>): string => `${scoreName(results)} (95 % CI)`;

export function withInterval(mean: number, ci95: readonly [number, number] | null): string {
  return ci95 === null ? mean.toFixed(3) : `${mean.toFixed(3)} [${ci95[0].toFixed(3)}, ${ci95[1].toFixed(3)}]`;
}

/** Before learning and after it, each a mean over the test images and the seeds. */
const errorSpikes = ({ novelty }: ChipResult): string =>
  novelty === undefined
    ? NOTHING
    : [
        change(novelty.before.known, novelty.after.known, (mean) => mean.toFixed(0)),
        change(novelty.before.novel, novelty.after.novel, (mean) => mean.toFixed(0)),
      ].join(', ');

/** Of a pixel of known classes, white being 1: before learning and after it. */
const squaredError = ({ novelty }: ChipResult): string =>
  novelty === undefined ? NOTHING : change(novelty.before.squaredError, novelty.after.squaredError, (mean) => mean.toFixed(4));

function change(before: SeedStatistic | null, after: SeedStatistic | null, text: (mean: number) => string): string {
  return [before, after].map((figure) => (figure === null ? NOTHING : text(figure.mean))).join(' to ');
}

/** Accuracy after each pause. */
const laterText = ({ later }: ChipResult): string =>
  later === undefined ? NOTHING : later.map(({ after, accuracy }) => `${after} ${accuracy?.mean.toFixed(3) ?? NOTHING}`).join(', ');

/** Worst and best accuracy over sets of devices, where several were run. */
function deviceSets({ devices }: ChipResult): string {
  if (devices?.accuracy == null) return NOTHING;
  const { perSeed } = devices.accuracy;
  return `${devices.sets}: ${Math.min(...perSeed).toFixed(3)} … ${Math.max(...perSeed).toFixed(3)}`;
}

/** `1.84 M`; whole below a thousand. */
function countText(count: number): string {
  return formatSi(count, '').trim();
}

/** A figure with events missing from the chip's energy table is a lower bound, and says so. */
export function energyPerUpdate({ energy }: ChipResult): string {
  if (energy.perUpdate === null) return NOTHING;
  const { value, lo, hi } = energy.perUpdate;
  return `${bound(energy)}${formatSi(value, 'J')}  [${formatSi(lo, 'J')}, ${formatSi(hi, 'J')}]`;
}

function totalEnergy({ energy }: ChipResult): string {
  return energy.breakdown.length === 0 ? NOTHING : `${bound(energy)}${formatSi(energy.total.value, 'J')}`;
}

const bound = ({ missing }: ChipResult['energy']): string => (missing.length === 0 ? '' : '> ');

function difference(result: ChipResult, ideal: ChipResult | undefined): string {
  if (ideal === undefined || result === ideal || result.accuracy === null || ideal.accuracy === null) return NOTHING;
  const by = result.accuracy.mean - ideal.accuracy.mean;
  return `${by < 0 ? '' : '+'}${by.toFixed(3)}`;
}

/** Largest difference between the measured STDP window and the closed form, in per cent of the window's largest change. */
function offClosedForm({ window }: ChipResult): string {
  if (window?.expected === undefined) return NOTHING;
  const { expected, deltaW } = window;
  const height = Math.max(...expected.map(Math.abs));
  const worst = Math.max(...deltaW.map((change, n) => Math.abs(change - expected[n])));
  return height === 0 ? NOTHING : `${((100 * worst) / height).toPrecision(2)} %`;
}
