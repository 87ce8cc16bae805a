/**
 * Cells by name. Two families of published parameter sets are kept as they were published, each number with its source: the pulsed-device
 * presets of aihwkit 1.1.0 (weights in the device's own scale) and the device table of the NeuroSim V3.0 manual (conductances, pulses,
 * nonlinearity labels). What a publication does not give - read pulses, and voltages and conductances of the aihwkit presets, which are
 * abstract - is an assumption and says so.
 */
import type { Sourced } from '../../core/energy/energy-table.ts';
import type { Device, DeviceFigure, LawName, Mapping } from './device-figures.ts';
import { DEVICE_FIGURES } from './device-figures.ts';

type Figures = Partial<Record<DeviceFigure, Sourced>>;
type Numbers = Partial<Record<DeviceFigure, number>>;

const published = (numbers: Numbers, source: string, confidence: Sourced['confidence']): Figures =>
  Object.fromEntries(
    Object.entries(numbers).map(([figure, value]): [string, Sourced] => [figure, { value, lo: value, hi: value, source, confidence }]),
  );

type Range = readonly [value: number, lo: number, hi: number];
const assumed = (ranges: Partial<Record<DeviceFigure, Range>>, source: string): Figures =>
  Object.fromEntries(
    Object.entries(ranges).map(([figure, [value, lo, hi]]): [string, Sourced] => [
      figure,
      { value, lo, hi, source, confidence: 'assumed' },
    ]),
  );

/** A cell of 10 uS read at 0.2 V for 10 ns: 4 fJ. Real read circuits use 0.1 to 0.5 V and 5 to 100 ns. */
const READ = assumed(
  { readVoltage: [0.2, 0.1, 0.5], readTime: [10e-9, 5e-9, 100e-9], readNoiseStd: [0.01, 0, 0.03] },
  'assumed; noise of about 1 % per read is the advice for ReRAM after Wan et al., Nature 608:504, 2022',
);

/** Conductances and pulses for laws that were published without: those of a measured TaOx/HfOx cell. */
const ANALOG_RERAM: Figures = {
  ...READ,
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
const PHASE_CHANGE: Figures = {
  ...READ,
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

const ELECTROCHEMICAL: Figures = {
  ...READ,
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

interface PulsedRow {
  readonly title: string;
  readonly law: LawName;
  readonly preset: string;
  readonly confidence: Sourced['confidence'];
  readonly numbers: Numbers;
  readonly cell: Figures;
  readonly logNormalStep?: boolean;
  readonly mapping?: Mapping;
}

/** aihwkit's presets. Cycle-to-cycle noise of the capacitor, additive in the original, is proportional to the step here. */
const PULSED: Readonly<Record<string, PulsedRow>> = {
  'soft-bounds': {
    title: 'analog ReRAM, soft bounds',
    law: 'soft-bounds',
    preset: 'ReRamSB',
    confidence: 'simulated',
    numbers: {
      step: 0.002,
      stepDtod: 0.3,
      stepStd: 3.75,
      upDown: 0,
      upDownDtod: 0.01,
      wMax: 1.25,
      wMaxDtod: 0.24,
      wMin: -0.75,
      wMinDtod: 0.4,
      writeNoiseStd: 56,
    },
    cell: ANALOG_RERAM,
  },
  'reram-array-om': {
    title: 'ReRAM as measured in an array (optimised material)',
    law: 'soft-bounds',
    preset: 'ReRamArrayOM',
    confidence: 'measured',
    logNormalStep: true,
    numbers: {
      step: 0.0949,
      stepDtod: 0.7829,
      stepStd: 0.4158,
      upDown: 0,
      upDownDtod: 0.01,
      wMax: 1,
      wMaxDtod: 0.3499,
      wMin: -1,
      wMinDtod: 0.5695,
      writeNoiseStd: 1.4113,
      stuckAnywhere: 0.1348,
    },
    cell: ANALOG_RERAM,
  },
  'reram-array-hfo2': {
    title: 'HfO2 ReRAM as measured in an array',
    law: 'soft-bounds',
    preset: 'ReRamArrayHfO2',
    confidence: 'measured',
    logNormalStep: true,
    numbers: {
      step: 0.4622,
      stepDtod: 0.7125,
      stepStd: 0.2174,
      upDown: 0,
      upDownDtod: 0.01,
      wMax: 1,
      wMaxDtod: 0.4295,
      wMin: -1,
      wMinDtod: 0.599,
      writeNoiseStd: 0.5841,
      stuckAnywhere: 0.0977,
    },
    cell: ANALOG_RERAM,
  },
  ecram: {
    title: 'lithium ECRAM',
    law: 'linear',
    preset: 'EcRam',
    confidence: 'simulated',
    numbers: {
      step: 0.002,
      stepDtod: 0.1,
      stepStd: 0.3,
      upDown: 0,
      upDownDtod: 0.01,
      wMax: 1.1724,
      wMaxDtod: 0.05,
      wMin: -0.8276,
      wMinDtod: 0.05,
      slopeUp: 0.1153,
      slopeUpDtod: 0.05,
      slopeDown: 0.5085,
      slopeDownDtod: 0.05,
    },
    cell: ELECTROCHEMICAL,
  },
  'ecram-metal-oxide': {
    title: 'metal-oxide ECRAM',
    law: 'linear',
    preset: 'EcRamMO',
    confidence: 'simulated',
    numbers: {
      step: 2.8214e-4,
      stepDtod: 0.1,
      stepStd: 2,
      upDown: 0,
      upDownDtod: 0.01,
      wMax: 1.1714,
      wMaxDtod: 0.05,
      wMin: -0.8286,
      wMinDtod: 0.05,
      slopeUp: 0.4152,
      slopeUpDtod: 0.05,
      slopeDown: 0.7342,
      slopeDownDtod: 0.05,
    },
    cell: ELECTROCHEMICAL,
  },
  'reram-exponential': {
    title: 'analog ReRAM, exponential steps',
    law: 'exponential-step',
    preset: 'ReRamES',
    confidence: 'simulated',
    numbers: {
      step: 0.00135,
      stepDtod: 0.2,
      stepStd: 5,
      upDown: 0.259359,
      upDownDtod: 0.05,
      wMax: 1,
      wMaxDtod: 0.3,
      wMin: -1,
      wMinDtod: 0.3,
      shapeSlope: -0.5,
      shapeOffset: -0.5,
      growthUp: 5,
      growthDown: 5,
      amplitudeUp: -1.18445,
      amplitudeDown: -0.081404,
      writeNoiseStd: 75,
    },
    cell: ANALOG_RERAM,
  },
  pcm: {
    title: 'phase change, gradual set and abrupt reset',
    law: 'exponential-step',
    preset: 'PCM',
    confidence: 'simulated',
    mapping: 'one-sided',
    numbers: {
      step: 0.01,
      stepDtod: 0.2,
      stepStd: 0.6,
      stepStdAdd: 0.042,
      stepStdSlope: 0.108,
      upDown: 0,
      upDownDtod: 0.05,
      wMax: 2,
      wMaxDtod: 0.1,
      wMin: 0,
      wMinDtod: 0,
      shapeSlope: -1,
      shapeOffset: 0,
      growthUp: 2.5,
      growthDown: 2.5,
      amplitudeUp: -27.235,
      amplitudeDown: -2.235,
    },
    cell: PHASE_CHANGE,
  },
  capacitor: {
    title: 'capacitor with transistor (leakage not included)',
    law: 'linear',
    preset: 'Capacitor',
    confidence: 'simulated',
    numbers: {
      step: 0.005,
      stepDtod: 0.1,
      stepStd: 0.3,
      upDown: 0,
      upDownDtod: 0.06,
      wMax: 1,
      wMaxDtod: 0.07,
      wMin: -1,
      wMinDtod: 0.07,
      slopeUp: 0.05,
      slopeUpDtod: 0.01,
      slopeDown: 0.05,
      slopeDownDtod: 0.01,
    },
    cell: ELECTROCHEMICAL,
  },
  idealized: {
    title: 'idealised constant-step cell',
    law: 'constant',
    preset: 'Idealized',
    confidence: 'assumed',
    numbers: { step: 0.0002, stepDtod: 0.3, stepStd: 0.3, upDown: 0, upDownDtod: 0, wMax: 1, wMaxDtod: 0.3, wMin: -1, wMinDtod: 0.3 },
    cell: ANALOG_RERAM,
  },
  'gokmen-vlasov': {
    title: 'resistive processing unit of Gokmen & Vlasov (Front. Neurosci. 10:333, 2016)',
    law: 'constant',
    preset: 'GokmenVlasov',
    confidence: 'assumed',
    numbers: { step: 0.0016, stepDtod: 0.3, stepStd: 0.3, upDown: 0, upDownDtod: 0.01, wMax: 1, wMaxDtod: 0.3, wMin: -1, wMinDtod: 0.3 },
    cell: ANALOG_RERAM,
  },
};

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
  'NeuroSim V3.0 manual, tables I and II; where the manual says "below x %" the noise is x; labels at two decimals, as its table is read';
/** Gate charge of the ferroelectric cell, the only one whose pulse does not heat its channel. */
const FEFET_GATE = 2.1717e-18;

function pulsedDevice(name: string, row: PulsedRow): Device {
  const { title, law, preset, confidence, numbers, cell, logNormalStep = false, mapping = 'two-sided' } = row;
  const source = `aihwkit 1.1.0, preset ${preset} (Rasch et al., AICAS 2021)`;
  return {
    name,
    title,
    law,
    logNormalStep,
    continuous: false,
    mapping,
    figures: inOrder({ ...cell, ...published(numbers, source, confidence) }),
  };
}

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
  const figures = inOrder({ ...READ, ...published({ ...numbers, ...gate }, TABLE_SOURCE, 'measured') });
  return { name, title, law: 'saturating-exponential', logNormalStep: false, continuous: false, mapping: 'two-sided', figures };
}

/** Figures in the order of the table of figures. */
const inOrder = (figures: Figures): Figures =>
  Object.fromEntries(
    Object.keys(DEVICE_FIGURES).flatMap((figure) => (figures[figure as DeviceFigure] ? [[figure, figures[figure as DeviceFigure]]] : [])),
  );

const IDEAL_DEVICE: Device = {
  name: 'ideal-device',
  title: 'ideal cell: linear, noiseless, of any resolution',
  law: 'constant',
  logNormalStep: false,
  continuous: true,
  mapping: 'two-sided',
  figures: inOrder({
    ...ANALOG_RERAM,
    ...assumed({ step: [0.001, 0.001, 0.001], wMax: [1, 1, 1], wMin: [-1, -1, -1], readNoiseStd: [0, 0, 0] }, 'by definition'),
  }),
};

export const DEVICE_PRESETS: Readonly<Record<string, Device>> = {
  ...Object.fromEntries(Object.entries(PULSED).map(([name, row]) => [name, pulsedDevice(name, row)])),
  ...Object.fromEntries(Object.entries(TABLE).map(([name, row]) => [name, tableDevice(name, row)])),
  'ideal-device': IDEAL_DEVICE,
};

export const DEVICE_NAMES: readonly string[] = Object.keys(DEVICE_PRESETS);
