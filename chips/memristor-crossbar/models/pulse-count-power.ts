/**
 * Interface-type cell (Nb-doped SrTiO3): its resistance is a power of the number of pulses it has had, R(n) = rMin + rMax·n^c, where the pulse
 * voltage sets c = 0.5·(-0.093 - 0.53·V). The count is recovered from the resistance, so a burst of any length is one step.
 */
import type { CompactModel } from './compact-model.ts';

export const pulseCountPower: CompactModel = {
  name: 'pulse-count-power',
  title: 'interface-type Nb:SrTiO3, power law in the pulse count',
  citation: 'Goossens, Das, Banerjee, J. Appl. Phys. 124:152102, 2018; as used by Tiotto et al., Front. Neurosci. 14:627276, 2021',
  valid: 'positive pulses of the voltage the exponent was measured with; resetting is not described',
  mostVolts: 5,
  parameters: {
    rMin: { unit: 'ohm', value: 200, min: 0, meaning: 'resistance after endless pulses' },
    rMax: { unit: 'ohm', value: 2.3e8, min: 1e-3, meaning: 'resistance of the first pulse, above rMin' },
    exponent: { unit: '1', value: -0.073, max: -1e-6, meaning: 'c at the pulse voltage' },
    start: { unit: 'ohm', value: 1e8, min: 1e-3, meaning: 'resistance at the start' },
  },
  conditions: [{ above0: 'start - rMin', words: 'the resistance at the start must be above rMin' }],
  state: { resistance: 'start' },
  pulse: ['let count = ((resistance - rMin) / rMax) ^ (1 / exponent)', 'resistance = rMin + rMax * (count + pulses) ^ exponent'].join('\n'),
  current: 'volts / resistance',
  conductance: '1 / resistance',
};

/** Exponent of a pulse voltage. */
export const exponentOf = (volts: number): number => 0.5 * (-0.093 - 0.53 * volts);
