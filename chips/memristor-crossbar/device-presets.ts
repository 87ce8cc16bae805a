/** Cells by name: two families of published parameter sets, each number with its source, and an ideal cell. */
import type { Device } from './device-figures.ts';
import { ANALOG_RERAM, assumed, inOrder } from './preset-figures.ts';
import { pulsedPresets } from './pulsed-presets.ts';
import { tablePresets } from './table-presets.ts';

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

export const DEVICE_PRESETS: Readonly<Record<string, Device>> = { ...pulsedPresets, ...tablePresets, 'ideal-device': IDEAL_DEVICE };

export const DEVICE_NAMES: readonly string[] = Object.keys(DEVICE_PRESETS);
