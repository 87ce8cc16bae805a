/**
 * Power-law drift of one cell with a known exponent: g(t) = g·((t - t_write + t0)/t0)^-nu. Writing sets `g` and puts `age` to 0; time only adds to the
 * age, so what a read finds does not depend on earlier reads.
 */
import type { CompactModel } from './compact-model.ts';

export const powerLawDrift: CompactModel = {
  name: 'power-law-drift',
  title: 'power-law drift',
  citation: 'Karpov et al., J. Appl. Phys. 102:124503, 2007; Ielmini et al., IEEE TED 54:308, 2007',
  valid: 'phase change at constant temperature, from t0 on',
  mostVolts: 5,
  parameters: {
    nu: { unit: '1', value: 0.06, min: 0, meaning: 'drift exponent' },
    t0: { unit: 's', value: 20, min: 1e-12, meaning: 'time after writing that drift is counted from' },
    start: { unit: 'S', value: 12e-6, min: 0, meaning: 'conductance at the start' },
  },
  state: { g: 'start', age: '0' },
  pulse: 'age = age + seconds',
  current: 'volts * g * ((age + t0) / t0) ^ (0 - nu)',
  conductance: 'g * ((age + t0) / t0) ^ (0 - nu)',
};
