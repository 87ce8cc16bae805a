/**
 * Figures that presets share: what a publication does not give - read pulses, and voltages and conductances of laws that were published
 * without - is an assumption and says so.
 */
import type { Sourced } from '../../core/energy/energy-table.ts';
import type { DeviceFigure } from './device-figures.ts';
import { DEVICE_FIGURES } from './device-figures.ts';

export type Figures = Partial<Record<DeviceFigure, Sourced>>;
export type Numbers = Partial<Record<DeviceFigure, number>>;

export const published = (numbers: Numbers, source: string, confidence: Sourced['confidence']): Figures =>
  Object.fromEntries(
    Object.entries(numbers).map(([figure, value]): [string, Sourced] => [figure, { value, lo: value, hi: value, source, confidence }]),
  );

type Range = readonly [value: number, lo: number, hi: number];
export const assumed = (ranges: Partial<Record<DeviceFigure, Range>>, source: string): Figures =>
  Object.fromEntries(
    Object.entries(ranges).map(([figure, [value, lo, hi]]): [string, Sourced] => [
      figure,
      { value, lo, hi, source, confidence: 'assumed' },
    ]),
  );

/** A cell of 10 uS read at 0.2 V for 10 ns: 4 fJ. Real read circuits use 0.1 to 0.5 V and 5 to 100 ns. */
export const READ = assumed(
  { readVoltage: [0.2, 0.1, 0.5], readTime: [10e-9, 5e-9, 100e-9], readNoiseStd: [0.01, 0, 0.03] },
  'assumed; noise of about 1 % per read is the advice for ReRAM after Wan et al., Nature 608:504, 2022',
);

/**
 * Pulses until a cell fails. Published counts are of full switching cycles; partial pulses wear a cell less, so these are on the safe side. Few are
 * of the very cell a preset describes: assumed, with the range that reports span.
 */
export const endurance = (value: number, lo: number, hi: number, source: string): Figures =>
  assumed({ endurance: [value, lo, hi] }, `order of magnitude: ${source}`);

/** Conductances and pulses for laws that were published without: those of a measured TaOx/HfOx cell. */
export const ANALOG_RERAM: Figures = {
  ...READ,
  ...endurance(
    1e6,
    1e4,
    1e10,
    'HfOx and TaOx cells are reported from 1e6 to above 1e10 cycles (review: Zahoor et al., Nanoscale Res. Lett. 15:90, 2020)',
  ),
  ...assumed(
    {
      gMin: [1e-6, 0.5e-6, 9e-6],
      gMax: [10e-6, 5e-6, 88.2e-6],
      writeVoltageUp: [1.6, 1.2, 2],
      writeVoltageDown: [1.6, 1.2, 2],
      writeTimeUp: [50e-9, 20e-9, 300e-9],
      writeTimeDown: [50e-9, 20e-9, 300e-9],
    },
    'assumed: the TaOx/HfOx row of the NeuroSim V3.0 manual, tables I and II, lent to this law; upper conductances from CMO/HfOx ReRAM',
  ),
};

/** Phase change: 25 uS at most, as in the retention model of the same tool; pulses of the GST row of NeuroSim's table. */
export const PHASE_CHANGE: Figures = {
  ...READ,
  ...endurance(1e8, 1e6, 1e11, 'phase change from 1e6 to above 1e9 cycles (review: Burr et al., IEEE JETCAS 6:146, 2016)'),
  ...assumed(
    {
      gMin: [0.1e-6, 0.01e-6, 1e-6],
      gMax: [25e-6, 10e-6, 200e-6],
      writeVoltageUp: [0.7, 0.7, 1.5],
      writeVoltageDown: [3, 2, 3],
      writeTimeUp: [6e-6, 50e-9, 6e-6],
      writeTimeDown: [125e-9, 20e-9, 125e-9],
    },
    'assumed: 25 uS of the PCM noise model of aihwkit 1.1.0; pulses of the GST row of the NeuroSim V3.0 manual, tables I and II',
  ),
};

export const ELECTROCHEMICAL: Figures = {
  ...READ,
  ...endurance(1e8, 1e6, 1e10, 'electrochemical cells above 1e8 pulses (Fuller et al., Science 364:570, 2019)'),
  ...assumed(
    {
      gMin: [1e-6, 0.1e-6, 10e-6],
      gMax: [10e-6, 1e-6, 100e-6],
      writeVoltageUp: [1, 0.2, 5],
      writeVoltageDown: [1, 0.2, 5],
      writeTimeUp: [1e-6, 5e-9, 150e-3],
      writeTimeDown: [1e-6, 5e-9, 150e-3],
      gateCapacitance: [10e-15, 1e-15, 400e-15],
    },
    'assumed: 10 fJ per pulse for a scaled cell (organic cells: 10 pJ for 1000 um2); measured open-loop arrays use 5 V and 0.1 s',
  ),
  readNoiseStd: { value: 0, lo: 0, hi: 0, source: 'none published', confidence: 'assumed' },
};

/** Figures in the order of the table of figures. */
export const inOrder = (figures: Figures): Figures =>
  Object.fromEntries(
    Object.keys(DEVICE_FIGURES).flatMap((figure) => (figures[figure as DeviceFigure] ? [[figure, figures[figure as DeviceFigure]]] : [])),
  );
