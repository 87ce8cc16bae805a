/**
 * `rate-if` in whole numbers, as microcode of Loihi 2 could run it: value and phase are 24-bit states, the step k a 12-bit factor. Nobody has published
 * recordings of a chip to compare it with.
 */
import type { LoweredVariable, PopulationSubject } from '../../core/chip-contract.ts';
import type { Value } from './neuron.ts';
import { inputText, map } from './neuron.ts';
import { literal } from './neuron-text.ts';
import { LOIHI } from './profile.ts';
import type { MembraneScale } from './scales.ts';
import type { LoihiSettings } from './switches.ts';

const LIMIT = LOIHI.stateLimit.value;
const ONE = LOIHI.decayOne.value;

/** The step k as it stands in 12 bits. */
export const stepFactor = (gain: number): number => Math.min(ONE, Math.max(1, Math.round(ONE * gain)));

export function rateTexts(
  { population }: PopulationSubject,
  value: (name: string) => Value,
  scale: MembraneScale,
  settings: LoihiSettings,
) {
  const { dynamics, spikes } = population.model.choices;
  const inUnits = (x: number): number => Math.min(LIMIT, Math.max(-LIMIT, Math.round(x * scale.membrane)));
  const level = (name: string): LoweredVariable => ({ name, storage: 'i32', initial: map(value(name), inUnits), scale: scale.membrane });
  const state = (name: string, initial: string): LoweredVariable => ({ ...level(initial), name });
  const signed = spikes === 'signed';
  const input = (port: string): string => inputText([port], scale, settings);
  return {
    numbers: [level('vThreshold'), level('bias'), level('floor'), level('ceiling'), step(map(value('gain'), stepFactor))],
    state: [
      state('v', 'vInitial'),
      state('phase', 'phaseInitial'),
      ...(signed ? [{ name: 'sent', storage: 'i32', initial: 0, scale: 1 } as const] : []),
    ],
    advance: [
      `let open = if(v > 0 and v < vThreshold, ${input('gated')}, 0)`,
      `let drive = ${input('delta')} + open + bias${dynamics === 'leaky' ? ' - v' : ''}`,
      `v = clip(v + trunc(drive * gain / ${ONE}), floor, ceiling)`,
      `phase = clip(phase + clip(v, ${signed ? '-vThreshold' : '0'}, vThreshold), ${literal(-LIMIT)}, ${LIMIT})`,
    ].join('\n'),
    threshold: signed ? '(phase >= vThreshold or phase <= -vThreshold)' : 'phase >= vThreshold',
    reset: signed ? 'sent += if(phase > 0, 1, -1)\nphase += if(phase > 0, -vThreshold, vThreshold)' : 'phase -= vThreshold',
    ...(signed ? { payload: 'if(phase > 0, 1, -1)' } : {}),
  };
}

const step = (initial: Value): LoweredVariable => ({ name: 'gain', storage: 'i16', initial, scale: ONE });
