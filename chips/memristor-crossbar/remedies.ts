/** What most likely helps where learning on the crossbar falls behind the ideal chip, and which of its settings a diagnosis tries out. */
import type { ChipRemedies } from '../../core/chip-effects.ts';
import type { Settings } from './options.ts';

export const REMEDIES: ChipRemedies = {
  findings: {
    silence: 'raise the start weights or lower the thresholds, and check that read-out and wires leave the neurons enough current',
    lost: 'a change has to reach one pulse: raise the learning rate, or take writePolicy: accumulate, which keeps in a register what makes no whole pulse, or a device of more levels',
    noise:
      'fewer and larger writes (update: two-array), write-verify (writePolicy: verify), or a device with less spread, such as ecram or epiram',
    bias: 'up and down steps differ: take update: two-array (Tiki-Taka) or a symmetric device',
    saturation:
      'cells stand at their bounds: give the weights a wider range (limits of the task), or a device of more levels with weaker non-linearity',
  },
  effects: {
    'one-way pairs': 'mapping: two-sided, for a device that can be driven both ways',
    'update non-linearity': 'update: two-array, or a device whose steps stay alike over its range',
    asymmetry: 'update: two-array (Tiki-Taka), which needs no symmetry, or a symmetric device such as ecram',
    'pulse size': 'a device of more levels, or a larger learning rate',
    'write policy': 'writePolicy: accumulate',
    'device-to-device': 'write-verify (writePolicy: verify), or training on the array itself, as here, for longer',
    'cycle-to-cycle': 'fewer and larger writes, or writePolicy: verify',
    'programming error': 'writePolicy: verify at the first programming, or weights that learn',
    'read-back error': 'write less often (a larger share of each change per write), or a device without it, such as ecram or epiram',
    'stuck cells': 'spare lines (spareRows), or a pair whose other cell can make up for it',
    'read noise': 'longer reads, or several cells per weight',
    'conductance range': 'a device with a larger on/off ratio, so that a weight of 0 conducts little',
    'drift and retention': 'train on after the pause, or a device that keeps its conductance',
    slices: 'more levels per slice',
    'access resistance': 'wider transistors, or cells of lower conductance',
    'wire resistance': 'smaller tiles (tileRows, tileColumns), or cells of lower conductance',
    'half-selected cells': 'a transistor at each cell, or a lower programming voltage',
    'ADC bits': 'more ADC bits, or a range that fits the sums',
  },
};

interface WriteAlternative {
  readonly own: string;
  readonly other: string;
  readonly writePolicy: 'accumulate' | 'deterministic';
}

/** A register beside each synapse, that keeps what makes no whole pulse, against none. */
export function writeAlternatives({ writePolicy, update, device }: Settings): readonly WriteAlternative[] {
  if (update !== 'direct' || device.continuous) return [];
  const [register, none] = ['the register beside each synapse', 'whole pulses alone'];
  if (writePolicy === 'accumulate') return [{ own: register, other: none, writePolicy: 'deterministic' }];
  if (writePolicy === 'deterministic') return [{ own: none, other: register, writePolicy: 'accumulate' }];
  return [];
}
