/**
 * Spike rasters before and after learning. At most `DOTS_PER_RASTER` spikes are drawn in one raster and `DOTS_IN_ALL` in the report; above
 * that an even, jittered sample is taken (jittered because every n-th spike of a regular train would show a pattern that is not there).
 */
import { streamOf, uniformAt } from '../../core/random.ts';
import type { Raster, ResultDocument } from '../../experiments/result.ts';
import { niceTicks, xAxis, yAxis } from '../axes.ts';
import { formatCount, formatNumber, isFiniteNumber, plural } from '../format.ts';
import type { Card, DrawnChip, Panel } from '../panel.ts';
import { cards, drawnChips, fileName } from '../panel.ts';
import { coordinate, element, escapeText, linearScale, svgFigure } from '../svg.ts';

export const DOTS_PER_RASTER = 10_000;
const DOTS_IN_ALL = 60_000;
const WIDTH = 360;
const HEIGHT = 214;

interface Sample {
  readonly t: readonly number[];
  readonly i: readonly number[];
  /** Spikes in the raster before sampling. */
  readonly of: number;
}

export function rastersPanel(document: ResultDocument): Panel | null {
  const chips = drawnChips(document)
    .map((chip) => ({ ...chip, rasters: chip.result.rasters.filter(drawable) }))
    .filter(({ rasters }) => rasters.length > 0);
  if (chips.length === 0) return null;
  const rasters = chips.reduce((sum, chip) => sum + chip.rasters.length, 0);
  const limit = Math.min(DOTS_PER_RASTER, Math.floor(DOTS_IN_ALL / rasters));
  const drawn = chips.map((chip) => ({ chip, samples: chip.rasters.map((raster) => sampleSpikes(raster, limit)) }));
  const list: Card[] = drawn.map(({ chip, samples }) => ({
    chip,
    body: element('div', { class: 'pair' }, ...chip.rasters.map((raster, k) => drawRaster(chip, raster, samples[k], k))),
    note: samples.some((sample) => sample.t.length < sample.of)
      ? `A random sample of at most ${formatCount(limit)} spikes per raster is drawn.`
      : undefined,
  }));
  return {
    id: 'rasters',
    heading: 'Spikes before and after learning',
    body: cards(list),
    caption:
      'Each mark is one spike, time to the right and neurons upwards; learning shows as fewer and more selective spikes, a dead population as an empty field. The file holds the spikes that are drawn.',
    files: [
      {
        name: fileName(document, 'spikes'),
        header: ['chip', 'raster', 't_ticks', 'neuron'],
        rows: drawn.flatMap(({ chip, samples }) =>
          samples.flatMap((sample, k) => sample.t.map((t, s) => [chip.result.chip, k, t, sample.i[s]])),
        ),
      },
    ],
  };
}

function drawable({ ticks, neurons, dt }: Raster): boolean {
  return [ticks, neurons, dt].every((value) => isFiniteNumber(value) && value > 0);
}

/** At most `limit` spikes, one from each of `limit` equal stretches of the list. */
export function sampleSpikes(raster: Raster, limit: number): Sample {
  const usable = raster.t.map((_, k) => k).filter((k) => isFiniteNumber(raster.t[k]) && isFiniteNumber(raster.i[k]));
  const n = usable.length;
  const stream = streamOf('report raster');
  const chosen =
    n <= limit ? usable : Array.from({ length: limit }, (_, k) => usable[Math.floor(((k + uniformAt(0, stream, k, 0)) * n) / limit)]);
  return { t: chosen.map((k) => raster.t[k]), i: chosen.map((k) => raster.i[k]), of: n };
}

function drawRaster(chip: DrawnChip, raster: Raster, sample: Sample, index: number): string {
  const frame = { left: 40, right: WIDTH - 14, top: 8, bottom: HEIGHT - 40 };
  const { ticks, neurons } = raster;
  const milliseconds = ticks * raster.dt * 1e3;
  const x = linearScale([0, ticks], [frame.left, frame.right]);
  const y = linearScale([-0.5, neurons - 0.5], [frame.bottom - 2, frame.top + 2]);
  const pitch = (frame.bottom - frame.top) / neurons;
  const mark = Math.min(9, Math.max(1.2, pitch * 0.7));
  const dots = sample.t.map((t, k) => `M${coordinate(x(t))} ${coordinate(y(sample.i[k]) - mark / 2)}v${coordinate(mark)}`).join('');
  const whole = niceTicks(0, neurons - 1, 4);
  const neuronTicks =
    neurons < 4 ? { values: [0, neurons - 1].slice(0, neurons), labels: ['0', String(neurons - 1)].slice(0, neurons), step: 1 } : whole;
  const svg = svgFigure(
    {
      id: `raster-${chip.index}-${index}`,
      title: `${raster.title}, ${chip.result.title}`,
      description: `${plural(sample.of, 'spike')} of ${plural(raster.neurons, 'neuron')} of population ${raster.population} in ${formatNumber(milliseconds)} milliseconds; ${formatCount(sample.t.length)} drawn.`,
      width: WIDTH,
      height: HEIGHT,
    },
    yAxis(frame, y, neuronTicks),
    xAxis(frame, linearScale([0, milliseconds], [frame.left, frame.right]), niceTicks(0, milliseconds, 5), 'time, ms'),
    element('path', { d: dots, class: `spikes ${chip.className}`, 'stroke-width': mark > 3 ? '1.2' : '0.9' }),
  );
  const subtitle = `${raster.population}, ${plural(sample.of, 'spike')}`;
  return element('div', {}, element('h4', {}, escapeText(raster.title), element('small', {}, escapeText(subtitle))), svg);
}
