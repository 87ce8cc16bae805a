/**
 * What a crossbar does to learning that the ideal chip does not, each with the options that take it away. An effect that the chip as configured does
 * not have (no noise in the device, no wires) is not listed. All of them off, a projection holds and changes its weights as the rule asks.
 */
import type { ChipEffect } from '../../core/chip-effects.ts';
import { InternalError } from '../../core/errors.ts';
import { readKind } from './cell-reads.ts';
import { isOpened, isSymmetric } from './device-changes.ts';
import type { DeviceFigure } from './device-figures.ts';
import { FIGURE_NAMES, figureOf, STEPWISE_LAWS } from './device-figures.ts';
import type { CrossbarOptions, Settings } from './options.ts';

interface CrossbarEffect extends ChipEffect {
  isThere(settings: Settings): boolean;
  /** Options that take it away; undefined for one that is left out. */
  off(settings: Settings): { readonly [N in keyof CrossbarOptions]?: CrossbarOptions[N] | undefined };
}

const has = ({ device }: Settings, ...figures: readonly DeviceFigure[]): boolean => figures.some((name) => figureOf(device, name) > 0);
/** Laws of single pulses know no others: their steps and their curve go together. */
const isStepwise = ({ device }: Settings): boolean => STEPWISE_LAWS.includes(device.law);

const EFFECTS: readonly CrossbarEffect[] = [
  {
    name: 'one-way pairs',
    meaning: 'cells of a pair can only be moved one way, or have one fixed partner; without it a pair is driven both ways',
    isThere: ({ mapping }) => mapping !== 'two-sided',
    off: () => ({ mapping: 'two-sided' }),
  },
  {
    name: 'update non-linearity',
    meaning: 'a pulse moves a cell by less the nearer it is to its bound; without it every pulse is one nominal step',
    isThere: ({ device }) => device.law !== 'constant',
    off: (settings) => ({ nonlinearity: false, ...(isStepwise(settings) ? { levels: false } : {}) }),
  },
  {
    name: 'asymmetry',
    meaning: 'up and down pulses are of unlike size; without it both take the mean of the two',
    isThere: ({ device }) => !isSymmetric(device),
    off: () => ({ asymmetry: false }),
  },
  {
    name: 'pulse size',
    meaning: 'weights change by whole pulses; without it a pulse has any size',
    isThere: (settings) => !settings.device.continuous && !isStepwise(settings),
    off: () => ({ levels: false }),
  },
  {
    name: 'write policy',
    meaning: 'how a change becomes pulses; without it a register beside each synapse keeps what makes no whole pulse',
    isThere: ({ writePolicy, update }) => writePolicy !== 'accumulate' || update !== 'direct',
    off: () => ({
      writePolicy: 'accumulate',
      update: 'direct',
      trainLength: undefined,
      verifyTries: undefined,
      transferEvery: undefined,
      transferRate: undefined,
    }),
  },
  {
    name: 'device-to-device',
    meaning: 'every cell has steps and bounds of its own; without it all are the mean cell',
    isThere: (settings) => has(settings, ...FIGURE_NAMES.filter((name) => name.endsWith('Dtod'))),
    off: () => ({ deviceToDevice: false }),
  },
  {
    name: 'cycle-to-cycle',
    meaning: 'the same pulse moves a cell by another amount each time',
    isThere: (settings) => has(settings, 'stepStd', 'rangeStd'),
    off: () => ({ cycleToCycle: false }),
  },
  {
    name: 'programming error',
    meaning: 'start weights and weights that do not learn are not exactly what was asked for',
    isThere: (settings) => has(settings, 'programmingStd'),
    off: () => ({ programmingNoise: false }),
  },
  {
    name: 'read-back error',
    meaning: 'what is read of a weight is off by an amount that each write draws again',
    isThere: (settings) => has(settings, 'writeNoiseStd'),
    off: () => ({ writeNoise: false }),
  },
  {
    name: 'stuck cells',
    meaning: 'some cells no longer move',
    isThere: (settings) => has(settings, 'stuckOn', 'stuckOff', 'stuckAnywhere'),
    off: () => ({ stuckCells: false }),
  },
  {
    name: 'read noise',
    meaning: 'every read of a cell gives another current',
    isThere: (settings) => has(settings, 'readNoiseStd'),
    off: () => ({ readNoise: false }),
  },
  {
    name: 'conductance range',
    meaning: 'a cell conducts at its lower bound too: a weight of 0 makes noise and loads its lines, and a bound that varies can meet 0 S',
    isThere: (settings) => !isOpened(settings.device) && (has(settings, 'readNoiseStd', 'wMinDtod') || readKind(settings) !== 'plain'),
    off: () => ({ conductanceRange: false }),
  },
  {
    name: 'drift and retention',
    meaning: 'cells change with time',
    isThere: (settings) => settings.retention !== undefined || has(settings, 'decayTime'),
    off: () => ({ retention: false }),
  },
  {
    name: 'slices',
    meaning: 'weights that do not learn are held by several pairs of a few levels each; without it by one pair of any conductance',
    isThere: ({ slices }) => slices > 1,
    off: () => ({ slices: 1, sliceBase: undefined, sliceLevels: undefined }),
  },
  {
    name: 'access resistance',
    meaning: 'a transistor in series bends what a cell passes',
    isThere: ({ accessOhm }) => accessOhm > 0,
    off: () => ({ accessResistance: '0 ohm' }),
  },
  {
    name: 'wire resistance',
    meaning: 'cells far from the drivers get less voltage, and those that share lines take it from each other',
    isThere: ({ wires }) => wires !== 'none',
    off: () => ({ wires: 'none' }),
  },
  {
    name: 'half-selected cells',
    meaning: 'a pulse also moves the cells on its row and column a little',
    isThere: ({ halfSelectDisturb }) => halfSelectDisturb > 0,
    off: () => ({ halfSelectDisturb: 0 }),
  },
  {
    name: 'ADC bits',
    meaning: 'what a column passes is converted to a few bits; without it the neuron takes the charge as it is',
    isThere: ({ periphery }) => periphery === 'adc',
    off: () => ({ periphery: 'integrate-and-fire' }),
  },
];

export const crossbarEffects = (settings: Settings): ChipEffect[] =>
  EFFECTS.filter(({ isThere }) => isThere(settings)).map(({ name, meaning }) => ({ name, meaning }));

/** Options of the same chip with the named effects off. */
export function optionsWithout(options: CrossbarOptions, settings: Settings, names: readonly string[]): CrossbarOptions {
  const offs = names.map((name) => {
    const effect = EFFECTS.find((one) => one.name === name);
    if (effect === undefined) throw new InternalError(`memristor-crossbar has no effect "${name}"`);
    return effect.off(settings);
  });
  const changed = Object.assign({}, options, ...offs) as Record<string, unknown>;
  return Object.fromEntries(Object.entries(changed).filter(([, value]) => value !== undefined)) as CrossbarOptions;
}
