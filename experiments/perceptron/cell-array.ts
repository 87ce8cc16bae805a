/**
 * A dense layer of analog cells behind access resistors, read against a reference current and written row by row, in batches of columns. Weights of
 * -1 … 1 are read currents: -1 is that of gMin, 1 that of gMax. One cell per weight, saturating-exponential law in closed form, noise of each burst.
 *
 * Layer by layer after the MLP benchmark of NeuroSim V3.0 as its manual describes it; figures of its periphery are calibrated and say so.
 */
import type { Device } from '../../chips/memristor-crossbar/device-figures.ts';
import { figureOf } from '../../chips/memristor-crossbar/device-figures.ts';
import { LAWS } from '../../chips/memristor-crossbar/device-models.ts';
import { drawCell } from '../../chips/memristor-crossbar/draw-cells.ts';
import { UserError } from '../../core/errors.ts';
import { integerAt, normalAt, streamOf } from '../../core/random.ts';

export const START_MAPPINGS = ['as shipped', 'by conductance', 'by read current'] as const;
export type StartMapping = (typeof START_MAPPINGS)[number];

export interface ArrayOptions {
  readonly device: Device;
  readonly rows: number;
  readonly columns: number;
  readonly accessOhm: number;
  readonly readVolts: number;
  /** Start weights as multiples of 1/3: placed by conductance and without gMin, as the tool ships; with it; or by read current. */
  readonly start: StartMapping;
  readonly seed: number;
  readonly name: string;
}

/** Columns that share one write driver: a write operation serves one column of each driver. */
const COLUMNS_PER_DRIVER = 16;
/** Start weights are -3/3 … 3/3. */
const START_STEPS = 6;

export interface CellArray {
  /** Read current of each cell, [rows × columns]; amperes. */
  readonly current: Float64Array;
  /** Weight as read back, -1 … 1. */
  readonly weight: Float64Array;
  readonly largestCurrent: number;
  readonly smallestCurrent: number;
  /** Pulses that a relative change of the weight range asks for, rounded half up. */
  pulsesFor(change: number): number;
  /** Sends `pulses[column]` to the cells of one row. */
  writeRow(row: number, pulses: Int32Array): void;
  /**
   * Puts cells below gMin, where only the start mapping leaves any, at gMin. The tool passes over every cell with every image, with pulses or
   * without, and limits its conductance; so this is how its arrays stand from the second image on.
   */
  limit(): void;
  /** `lineVoltsSquared` is the sum of V² over all charged lines, times the cells on each; volt². */
  readonly written: { heatJoules: number; pulses: number; bursts: number; seconds: number; lineVoltsSquared: number };
}

export function createCellArray(options: ArrayOptions): CellArray {
  const { device, rows, columns, readVolts, start, seed, name } = options;
  const of = (figure: Parameters<typeof figureOf>[1]): number => figureOf(device, figure);
  if (device.law !== 'saturating-exponential') {
    throw new UserError({
      code: 'E-DEVICE',
      message: `the perceptron benchmark knows the law saturating-exponential, not ${device.law} (${device.name})`,
    });
  }
  const [gMin, gMax, noise] = [of('gMin'), of('gMax'), of('rangeStd')];
  const span = gMax - gMin;
  // a ferroelectric transistor is its own access device
  const gate = of('gateCapacitance');
  const accessOhm = gate > 0 ? 0 : options.accessOhm;
  const cell = drawCell(device, of, () => 0);
  const motion = LAWS[device.law].motion(cell, of);
  if (motion.up.kind !== 'geometric' || motion.down.kind !== 'geometric')
    throw new UserError({ code: 'E-DEVICE', message: 'the law has no closed form' });
  const { up, down } = motion;
  const [levelsUp, levelsDown] = [of('pulsesUp'), of('pulsesDown')];
  const currentAt = (siemens: number): number => (siemens <= 0 ? 0 : readVolts / (1 / siemens + accessOhm));
  const [smallestCurrent, largestCurrent] = [currentAt(gMin), currentAt(gMax)];
  const readBack = (amperes: number): number =>
    Math.max(-1, Math.min(1, (2 * (amperes - smallestCurrent)) / (largestCurrent - smallestCurrent) - 1));
  const conductance = new Float64Array(rows * columns);
  const current = new Float64Array(rows * columns);
  const weight = new Float64Array(rows * columns);
  const stream = streamOf(`${name}/start`);
  for (let k = 0; k < conductance.length; k++) {
    const share = integerAt(seed, stream, k, 0, START_STEPS + 1) / START_STEPS;
    const amperes = smallestCurrent + share * (largestCurrent - smallestCurrent);
    conductance[k] =
      start === 'by read current' ? 1 / (readVolts / amperes - accessOhm) : (start === 'by conductance' ? gMin : 0) + share * span;
    current[k] = currentAt(conductance[k]);
    weight[k] = readBack(current[k]);
  }
  // bursts are short: what n pulses keep of the distance to the fixed point
  const kept = new Map<number, number>();
  const keptBy = (pulses: number): number => {
    let factor = kept.get(pulses);
    if (factor === undefined) {
      factor = Math.exp(Math.abs(pulses) * (pulses > 0 ? up.rate : down.rate));
      kept.set(pulses, factor);
    }
    return factor;
  };
  const volts = { up: of('writeVoltageUp'), down: of('writeVoltageDown') };
  const seconds = { up: of('writeTimeUp'), down: of('writeTimeDown') };
  const written = { heatJoules: 0, pulses: 0, bursts: 0, seconds: 0, lineVoltsSquared: 0 };
  const atOnce = Math.ceil(columns / COLUMNS_PER_DRIVER);
  const noiseStream = streamOf(`${name}/noise`);
  let burst = 0;

  function write(k: number, pulses: number): void {
    const [before, target] = [conductance[k], pulses > 0 ? up.target : down.target];
    const count = Math.abs(pulses);
    let u = target + ((before - gMin) / span - target) * keptBy(pulses);
    if (noise > 0) u += noise * Math.sqrt(count) * normalAt(seed, noiseStream, k, burst++);
    conductance[k] = gMin + span * Math.max(0, Math.min(1, u));
    current[k] = currentAt(conductance[k]);
    weight[k] = readBack(current[k]);
    const [v, t] = pulses > 0 ? [volts.up, seconds.up] : [volts.down, seconds.down];
    written.heatJoules += gate > 0 ? gate * v * v * count : ((v * v * (before + conductance[k])) / 2) * t * count;
    written.pulses += count;
    written.bursts++;
  }

  return {
    current,
    weight,
    largestCurrent,
    smallestCurrent,
    pulsesFor(change) {
      const levels = change > 0 ? levelsUp : levelsDown;
      return Math.sign(change) * Math.floor((Math.abs(change) / 2) * levels + 0.5);
    },
    writeRow(row, pulses) {
      for (let from = 0; from < columns; from += atOnce) {
        const to = Math.min(columns, from + atOnce);
        let [mostUp, mostDown] = [0, 0];
        // the column of a cell is charged by each of its pulses, and once while the others go up
        let charges = 0;
        for (let j = from; j < to; j++) {
          const n = pulses[j];
          charges += n > 0 ? volts.up ** 2 * n : volts.up ** 2 + volts.down ** 2 * -n;
          if (n === 0) continue;
          write(row * columns + j, n);
          if (n > mostUp) mostUp = n;
          if (-n > mostDown) mostDown = -n;
        }
        if (mostUp + mostDown === 0) continue;
        // first all potentiation, then all depression, as long as the longest burst of each
        written.seconds += mostUp * seconds.up + mostDown * seconds.down;
        const others = columns - (to - from);
        written.lineVoltsSquared += rows * (charges + others * volts.up ** 2) + columns * volts.up ** 2;
      }
    },
    limit() {
      for (let k = 0; k < conductance.length; k++) {
        if (conductance[k] >= gMin) continue;
        conductance[k] = gMin;
        current[k] = currentAt(gMin);
        weight[k] = readBack(current[k]);
      }
    },
    written,
  };
}
