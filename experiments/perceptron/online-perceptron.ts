/**
 * Two layers of sigmoid units, 400-100-10, trained on line by gradient descent, one image at a time, on two arrays of analog cells: the benchmark with
 * which NeuroSim compares devices (Chen, Peng, Yu, IEEE TCAD 37:3067, 2018; V3.0 manual). It is here so that our cells can be set against its published
 * figures; learning in this project is local, this is not.
 *
 * Inputs and hidden outputs are one bit each when they are read (a line is on or off) and count half. A partial sum is the difference of two codes: the
 * current of the column and that of the reference column are cut to 8 bits each, over the range of a column from all cells at gMin to all at gMax.
 * Changes are learning rate × error × input, rounded half up to whole pulses.
 */
import type { Device } from '../../chips/memristor-crossbar/device-figures.ts';
import { figureOf } from '../../chips/memristor-crossbar/device-figures.ts';
import { exp } from '../../core/program/elementary.ts';
import { integerAt, streamOf } from '../../core/random.ts';
import type { BinaryImages } from './binary-images.ts';
import { SIDE } from './binary-images.ts';
import type { CellArray, StartMapping } from './cell-array.ts';
import { createCellArray } from './cell-array.ts';

const INPUTS = SIDE * SIDE;
const HIDDEN = 100;
const CLASSES = 10;
const LEARNING_RATES = { hidden: 0.4, output: 0.2 } as const;
const IMAGES_PER_EPOCH = 8000;
const READ_VOLTS = 0.5;
const READ_SECONDS = 5e-9;
const ADC_CODES = 255;
/** What a line that is on counts for in a partial sum. */
const ONE = 0.5;

/** Periphery of the tool. What is calibrated is calibrated on its own totals for the device named, and checked on the others. */
const PERIPHERY = {
  /** Joules per image read: decoders, converters, adders. Ag:a-Si, whose cells take a thousandth of the read energy. */
  readJoules: 4.19e-10,
  /** Seconds per image read, and farads of a column that a cell at gMin has to charge. */
  readSeconds: 50e-9,
  columnFarad: 12.5e-15,
  /** Joules per image learnt: the tool books a decoding of every row with every image, twice, whether or not it is written. GST, which is not. */
  rowJoules: 9.37e-10,
  /** Farads of line per cell: wire of 0.2 fF/um, cells of 0.4 um. */
  wireFarad: 0.08e-15,
  /** The same of the transistor behind each cell; absent with ferroelectric cells. Ag:a-Si. */
  transistorFarad: 0.1e-15,
} as const;

export interface PerceptronOptions {
  readonly device: Device;
  readonly accessOhm?: number;
  readonly start?: StartMapping;
  readonly epochs: number;
  readonly seed?: number;
  /** Epochs after which the test images are shown; always after the last. */
  readonly testAfter?: readonly number[];
}

export interface PerceptronRun {
  /** Share of right answers by epoch. */
  readonly accuracy: ReadonlyMap<number, number>;
  readonly images: number;
  readonly bursts: number;
  readonly pulses: number;
  /** Joules of training; `cells` is heat (or gate charge), `periphery` the calibrated rest. */
  readonly write: { readonly cells: number; readonly periphery: number };
  readonly read: { readonly cells: number; readonly periphery: number };
  readonly writeSeconds: number;
  readonly readSeconds: number;
}

export function runOnlinePerceptron(train: BinaryImages, test: BinaryImages, options: PerceptronOptions): PerceptronRun {
  const { device, accessOhm = 15e3, start = 'as shipped', epochs, seed = 1, testAfter = [] } = options;
  const array = (name: string, rows: number, columns: number): CellArray =>
    createCellArray({ device, rows, columns, accessOhm, readVolts: READ_VOLTS, start, seed, name });
  const first = array('hidden', INPUTS, HIDDEN);
  const second = array('output', HIDDEN, CLASSES);
  const hidden = new Float64Array(HIDDEN);
  const output = new Float64Array(CLASSES);
  const error = new Float64Array(CLASSES);
  const hiddenPulses = new Int32Array(HIDDEN);
  const outputPulses = new Int32Array(CLASSES);
  const on = new Uint16Array(HIDDEN);
  let heat = 0;
  let learnt = 0;

  /** Activities of a layer whose rows `lines[0 … n)` are on. @returns current of all columns together */
  function layer(cells: CellArray, lines: Uint16Array, n: number, rows: number, activity: Float64Array): number {
    const { current, largestCurrent, smallestCurrent } = cells;
    const columns = activity.length;
    activity.fill(0);
    for (let i = 0; i < n; i++) {
      const from = lines[i] * columns;
      for (let j = 0; j < columns; j++) activity[j] += current[from + j];
    }
    const perCode = (rows * (largestCurrent - smallestCurrent)) / ADC_CODES;
    const reference = Math.floor((n * (largestCurrent + smallestCurrent)) / 2 / perCode);
    let total = 0;
    for (let j = 0; j < columns; j++) {
      total += activity[j];
      const code = Math.floor(activity[j] / perCode) - reference;
      activity[j] = 1 / (1 + exp(-((code / ADC_CODES) * rows * 2 * ONE)));
    }
    return total;
  }

  /** Number of hidden units that are on. */
  function forward(lines: Uint16Array): number {
    heat += layer(first, lines, lines.length, INPUTS, hidden);
    let n = 0;
    for (let j = 0; j < HIDDEN; j++) if (hidden[j] >= 0.5) on[n++] = j;
    heat += layer(second, on, n, HIDDEN, output);
    return n;
  }

  function learn(lines: Uint16Array, label: number): void {
    forward(lines);
    for (let k = 0; k < CLASSES; k++) error[k] = 2 * output[k] * (1 - output[k]) * ((k === label ? 1 : 0) - output[k]);
    let any = false;
    for (let j = 0; j < HIDDEN; j++) {
      let back = 0;
      for (let k = 0; k < CLASSES; k++) back += second.weight[j * CLASSES + k] * error[k];
      hiddenPulses[j] = first.pulsesFor(LEARNING_RATES.hidden * hidden[j] * (1 - hidden[j]) * back);
      any ||= hiddenPulses[j] !== 0;
    }
    if (any) for (let i = 0; i < lines.length; i++) first.writeRow(lines[i], hiddenPulses);
    for (let j = 0; j < HIDDEN; j++) {
      let some = false;
      for (let k = 0; k < CLASSES; k++) {
        outputPulses[k] = second.pulsesFor(LEARNING_RATES.output * error[k] * hidden[j]);
        some ||= outputPulses[k] !== 0;
      }
      if (some) second.writeRow(j, outputPulses);
    }
    if (learnt++ > 0) return;
    first.limit();
    second.limit();
  }

  function testAccuracy(): number {
    const kept = heat;
    let right = 0;
    for (let n = 0; n < test.on.length; n++) {
      forward(test.on[n]);
      let best = 0;
      for (let k = 1; k < CLASSES; k++) if (output[k] > output[best]) best = k;
      if (best === test.labels[n]) right++;
    }
    heat = kept;
    return right / test.on.length;
  }

  const accuracy = new Map<number, number>();
  const stream = streamOf('perceptron/images');
  for (let epoch = 1; epoch <= epochs; epoch++) {
    for (let n = 0; n < IMAGES_PER_EPOCH; n++) {
      const image = integerAt(seed, stream, n, epoch, train.on.length);
      learn(train.on[image], train.labels[image]);
    }
    if (epoch === epochs || testAfter.includes(epoch)) accuracy.set(epoch, testAccuracy());
  }
  const images = epochs * IMAGES_PER_EPOCH;
  const both = (value: (cells: CellArray) => number): number => value(first) + value(second);
  const lineFarad = PERIPHERY.wireFarad + (figureOf(device, 'gateCapacitance') > 0 ? 0 : PERIPHERY.transistorFarad);
  return {
    accuracy,
    images,
    bursts: both(({ written }) => written.bursts),
    pulses: both(({ written }) => written.pulses),
    write: {
      cells: both(({ written }) => written.heatJoules),
      periphery: lineFarad * both(({ written }) => written.lineVoltsSquared) + PERIPHERY.rowJoules * images,
    },
    read: { cells: heat * READ_VOLTS * READ_SECONDS, periphery: PERIPHERY.readJoules * images },
    writeSeconds: both(({ written }) => written.seconds),
    readSeconds: images * (PERIPHERY.readSeconds + PERIPHERY.columnFarad / figureOf(device, 'gMin')),
  };
}

/** Accuracy swings by several points from one epoch to the next, so that one epoch says little: those up to the one named are taken together. */
const EPOCHS_TOGETHER = 5;

export const epochsTogether = (epoch: number): number[] =>
  Array.from({ length: Math.min(epoch, EPOCHS_TOGETHER) }, (_, n) => epoch - n).reverse();

/** Mean over `epochsTogether(epoch)`, which the run has to have been tested after. */
export function meanAccuracy({ accuracy }: PerceptronRun, epoch: number): number {
  const epochs = epochsTogether(epoch);
  return epochs.reduce((sum, each) => sum + (accuracy.get(each) ?? Number.NaN), 0) / epochs.length;
}
