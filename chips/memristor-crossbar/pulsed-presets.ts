/** Cells after the pulsed-device presets of aihwkit 1.1.0, weights in the device's own scale; the rest of each cell is assumed. */
import type { Sourced } from '../../core/energy/energy-table.ts';
import type { Device, LawName, Mapping } from './device-figures.ts';
import type { Figures, Numbers } from './preset-figures.ts';
import { ANALOG_RERAM, ELECTROCHEMICAL, inOrder, PHASE_CHANGE, published } from './preset-figures.ts';
import type { RetentionName } from './retention/retention-models.ts';

interface PulsedRow {
  readonly title: string;
  readonly law: LawName;
  readonly preset: string;
  readonly confidence: Sourced['confidence'];
  readonly numbers: Numbers;
  readonly cell: Figures;
  readonly logNormalStep?: boolean;
  readonly mapping?: Mapping;
  readonly retention?: RetentionName;
}

const UNWEARING: Sourced = { value: 0, lo: 0, hi: 0, source: 'charge on a capacitor does not wear it', confidence: 'assumed' };

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
    retention: 'pcm',
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
    cell: { ...ELECTROCHEMICAL, endurance: UNWEARING },
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

function pulsedDevice(name: string, row: PulsedRow): Device {
  const { title, law, preset, confidence, numbers, cell, logNormalStep = false, mapping = 'two-sided', retention } = row;
  const source = `aihwkit 1.1.0, preset ${preset} (Rasch et al., AICAS 2021)`;
  return {
    name,
    title,
    law,
    logNormalStep,
    continuous: false,
    mapping,
    ...(retention && { retention }),
    figures: inOrder({ ...cell, ...published(numbers, source, confidence) }),
  };
}

export const pulsedPresets: Readonly<Record<string, Device>> = Object.fromEntries(
  Object.entries(PULSED).map(([name, row]) => [name, pulsedDevice(name, row)]),
);
