/** Cells after the device table of the NeuroSim V3.0 manual: conductances, pulses and nonlinearity labels; read pulses are assumed. */
import type { Device } from './device-figures.ts';
import type { Figures } from './preset-figures.ts';
import { endurance, inOrder, published, READ } from './preset-figures.ts';

/** NeuroSim's table: pulses and label up and down, smallest resistance (ohm), on/off ratio, pulses (V, s), cycle noise (share of the range). */
type TableRow = readonly [
  title: string,
  pulsesUp: number,
  pulsesDown: number,
  labelUp: number,
  labelDown: number,
  ohm: number,
  onOff: number,
  voltsUp: number,
  secondsUp: number,
  voltsDown: number,
  secondsDown: number,
  rangeStd: number,
];
// biome-ignore format: a table
const TABLE: Readonly<Record<string, TableRow>> = {
  'ag-a-si':   ['Ag:a-Si',           97, 100, 2.4,  -4.88, 26e6,   12.5, 3.2,  300e-6, 2.8,  300e-6, 0.035],
  'taox-tio2': ['TaOx/TiO2',        102, 102, 1.85, -1.79, 5e6,    2,    3,    40e-3,  3,    10e-3,  0.01],
  'taox-hfox': ['TaOx/HfOx',        128, 128, 0.04, -0.63, 100e3,  10,   1.6,  50e-9,  1.6,  50e-9,  0.037],
  pcmo:        ['PCMO',              50,  50, 3.68, -6.76, 23e6,   6.84, 2,    1e-3,   2,    1e-3,   0.01],
  'alox-hfo2': ['AlOx/HfO2',         40,  40, 1.94, -0.61, 16.9e3, 4.43, 0.9,  100e-6, 1,    100e-6, 0.05],
  'gst-pcm':   ['GST phase change', 100, 120, 0.1,  2.4,   4.71e3, 19.8, 0.7,  6e-6,   3,    125e-9, 0.015],
  epiram:      ['EpiRAM (Ag:SiGe)',  64,  64, 0.5,  -0.5,  81e3,   50.2, 5,    5e-6,   3,    5e-6,   0.02],
  'hzo-fefet': ['HZO FeFET',         32,  32, 1.75, 1.46,  559e3,  45,   3.65, 75e-9,  2.95, 75e-9,  0.005],
};
const TABLE_SOURCE =
  'NeuroSim V3.0 manual, tables I and II; where the manual says "below x %" the noise is x; labels at two decimals, as its table is read; "100-120" levels of GST taken as up and down';
const RERAM_ENDURANCE = endurance(
  1e6,
  1e4,
  1e10,
  'oxide cells are reported from 1e6 to above 1e10 cycles (Zahoor et al., Nanoscale Res. Lett. 15:90, 2020)',
);
/** The table says nothing about wear. */
const ENDURANCE: Readonly<Record<string, Figures>> = {
  'ag-a-si': endurance(1e8, 1e6, 1e9, 'above 1e8 pulses (Jo et al., Nano Letters 10:1297, 2010)'),
  'taox-tio2': RERAM_ENDURANCE,
  'taox-hfox': RERAM_ENDURANCE,
  pcmo: RERAM_ENDURANCE,
  'alox-hfo2': RERAM_ENDURANCE,
  'gst-pcm': endurance(1e8, 1e6, 1e11, 'phase change from 1e6 to above 1e9 cycles (Burr et al., IEEE JETCAS 6:146, 2016)'),
  epiram: endurance(1e9, 1e6, 1e10, '1e9 cycles (Choi et al., Nature Materials 17:335, 2018)'),
  'hzo-fefet': endurance(
    1e5,
    1e4,
    1e10,
    'ferroelectric transistors from 1e4 to 1e10 cycles (Mulaosmanovic et al., Nanotechnology 32:502002, 2021)',
  ),
};
/** Gate charge of the ferroelectric cell, the only one whose pulse does not heat its channel. */
const FEFET_GATE = 2.1717e-18;

function tableDevice(name: string, row: TableRow): Device {
  const [
    title,
    pulsesUp,
    pulsesDown,
    labelUp,
    labelDown,
    ohm,
    onOff,
    writeVoltageUp,
    writeTimeUp,
    writeVoltageDown,
    writeTimeDown,
    rangeStd,
  ] = row;
  const numbers = {
    pulsesUp,
    pulsesDown,
    labelUp,
    labelDown,
    gMin: 1 / ohm / onOff,
    gMax: 1 / ohm,
    writeVoltageUp,
    writeTimeUp,
    writeVoltageDown,
    writeTimeDown,
    rangeStd,
  };
  const gate = name === 'hzo-fefet' ? { gateCapacitance: FEFET_GATE } : {};
  const figures = inOrder({ ...READ, ...ENDURANCE[name], ...published({ ...numbers, ...gate }, TABLE_SOURCE, 'measured') });
  return {
    name,
    title,
    law: 'saturating-exponential',
    logNormalStep: false,
    continuous: false,
    mapping: 'two-sided',
    ...(name === 'gst-pcm' && { retention: 'pcm' as const }),
    figures,
  };
}

export const tablePresets: Readonly<Record<string, Device>> = Object.fromEntries(
  Object.entries(TABLE).map(([name, row]) => [name, tableDevice(name, row)]),
);
