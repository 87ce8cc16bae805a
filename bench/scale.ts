/**
 * Measures the curves of cost against size, rate and plastic share, fits the one model of `cost-model.ts` to all of them, and writes what
 * `docs/scale.md` says: the model, how far off it is at every point, and what follows for networks that were not run.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { estimateMemory } from '../core/plan/build-plan.ts';
import { ideal } from '../index.ts';
import { runHere } from './compare.ts';
import type { CostModel, Measured } from './cost-model.ts';
import { bytesOf, fitModel, offBy, secondsOf, TERMS } from './cost-model.ts';
import type { Point } from './curves.ts';
import { CURVES, pointName, pointWorkload, SECONDS } from './curves.ts';
import { machine, markdownTable } from './table.ts';

export const RECORD = 'bench/curves.json';
export const SCALE_PAGE = 'docs/scale.md';

/** What is kept of a measurement: the points, not the model, which follows from them. */
export interface CurveRecord {
  readonly machine: string;
  readonly command: string;
  readonly turns: number;
  readonly points: readonly Measured[];
}

export const readRecord = (): CurveRecord => JSON.parse(readFileSync(RECORD, 'utf8'));
export const writeRecord = (record: CurveRecord): void => writeFileSync(RECORD, `${JSON.stringify(record, null, 1)}\n`);

/** Measures curves, all points by turns. */
export function measureCurves(names: readonly string[], turns: number, seed: number, say: (line: string) => void): Measured[] {
  const points = names.flatMap((curve) => CURVES[curve].map((point) => ({ curve, ...point })));
  return measurePoints(points, turns, seed, SECONDS, say);
}

export function measurePoints(
  points: readonly (Point & { readonly curve: string })[],
  turns: number,
  seed: number,
  seconds: number,
  say: (line: string) => void,
): Measured[] {
  const runs = points.map(() => [] as ReturnType<typeof runHere>[]);
  for (let turn = 0; turn < turns; turn++) {
    for (const [k, point] of points.entries()) {
      const run = runHere(pointName(point), 1, { seconds, seed, record: false });
      runs[k].push(run);
      say(`turn ${turn + 1}  ${point.curve}: ${pointName(point)}: loop ${run.loopSeconds.toFixed(3)} s`);
    }
  }
  return points.map((point, k) => ({
    ...point,
    loopSeconds: Math.min(...runs[k].map(({ loopSeconds }) => loopSeconds)),
    peakBytes: Math.max(...runs[k].map(({ peakBytes }) => peakBytes)),
    needBytes: needOf(point, seed),
    work: runs[k][0].work,
  }));
}

const needOf = (point: Point, seed: number): number =>
  estimateMemory(
    (pointWorkload(pointName(point)) as NonNullable<ReturnType<typeof pointWorkload>>).network({ seed, record: false }),
    ideal(),
  ).bytes;

const percent = (share: number): string => `${(100 * share).toFixed(0)} %`;
const short = (value: number): string => Number(value.toPrecision(3)).toString();

/** One curve with how far the model is off at each point. */
export function curveTable(points: readonly Measured[], model: CostModel): string {
  return markdownTable(
    ['neurons', 'inputs each', 'rate, Hz', 'plastic', 'loop, s', 'model', 'peak, MB', 'model'],
    points.map((point) => {
      const { time, memory } = offBy(model, point);
      return [
        `${point.neurons}`,
        `${point.degree}`,
        `${point.rate}`,
        percent(point.plastic),
        short(point.loopSeconds),
        percent(time),
        `${Math.round(point.peakBytes / 1e6)}`,
        percent(memory),
      ];
    }),
  );
}

const source = ({ command, machine: where, turns }: CurveRecord): string =>
  `\`${command}\` on ${where}; the fastest of ${turns} runs, one thread`;

/** All curves with the model beside them, for bench/README.md. */
export function curvesSection(record: CurveRecord): string {
  const model = fitModel(record.points);
  const curves = Object.keys(CURVES).map((curve) => {
    const points = record.points.filter((point) => point.curve === curve);
    return `Cost against ${curve}:\n\n${curveTable(points, model)}`;
  });
  return [
    '### Cost against size, rate and plastic share',
    source(record),
    `${SECONDS} s of biological time, ticks of 0.1 ms; the model is that of docs/scale.md, and its columns say how far it is off.`,
    ...curves,
  ].join('\n\n');
}

/** The generated part of docs/scale.md. */
export function scaleSection(record: CurveRecord): string {
  const model = fitModel(record.points);
  const worst = (key: 'time' | 'memory'): string => percent(Math.max(...record.points.map((point) => Math.abs(offBy(model, point)[key]))));
  const terms = markdownTable(
    ['what happens', 'ns'],
    TERMS.flatMap(({ name }, t) => (model.nanoseconds[t] === 0 ? [] : [[name, short(model.nanoseconds[t])]])),
  );
  return [
    source(record),
    terms,
    `Memory is ${Math.round(model.baseBytes / 1e6)} MB and what the network needs. The model is off by at most ${worst('time')} in time and ${worst('memory')} in memory at the ${record.points.length} points of the curves (bench/README.md).`,
    'What it says of networks that were not run, one thread, a second of biological time at 10 Hz in ticks of 0.1 ms:',
    forecastTable(model),
  ].join('\n\n');
}

const FORECASTS: readonly Point[] = [1e4, 1e5, 1e6, 1e7, 1e9].flatMap((neurons) => [
  { neurons, degree: 1000, rate: 10, plastic: 0 },
  { neurons, degree: 1000, rate: 10, plastic: 1 },
]);

function forecastTable(model: CostModel): string {
  return markdownTable(
    ['neurons', 'synapses', 'plastic', 'memory, GB', 'a second takes'],
    FORECASTS.map((point) => {
      const { neurons, degree, rate, plastic } = point;
      // one projection numbers no more than 2^31 synapses
      const part = { ...point, neurons: Math.min(neurons, 1e6) };
      const needBytes = (neurons / part.neurons) * needOf(part, 1);
      const [events, spikes] = [neurons * degree * rate, neurons * rate];
      const bits = plastic === 0 && 16 * degree >= neurons;
      const work = {
        neuronTicks: neurons * 1e4,
        rowEvents: bits ? 0 : events,
        rows: spikes,
        bitVectors: bits ? (spikes * neurons) / 128 : 0,
        plasticRows: plastic * spikes,
        plasticEvents: 2 * plastic * events,
      };
      return [
        neurons.toExponential(0),
        (neurons * degree).toExponential(0),
        percent(plastic),
        short(bytesOf(model, { needBytes }) / 1e9),
        duration(secondsOf(model, { neurons, work })),
      ];
    }),
  );
}

function duration(seconds: number): string {
  if (seconds < 120) return `${short(seconds)} s`;
  if (seconds < 7200) return `${short(seconds / 60)} min`;
  return seconds < 2 * 86400 ? `${short(seconds / 3600)} h` : `${short(seconds / 86400)} days`;
}

export const recordOf = (points: readonly Measured[], turns: number, command: string): CurveRecord => ({
  machine: machine(),
  command,
  turns,
  points,
});
