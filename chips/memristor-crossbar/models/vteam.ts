/**
 * VTEAM: a voltage-driven state between two ends, still below its thresholds. The rate depends on the voltage alone, so a rectangular pulse is
 * one exact step. The parameters are those MemTorch ships; they describe a fast device of no particular material.
 */
import type { CompactModel } from './compact-model.ts';

export const vteam: CompactModel = {
  name: 'vteam',
  title: 'threshold device (VTEAM)',
  citation: 'Kvatinsky, Ramadan, Friedman, Kolodny, "VTEAM: a general model for voltage-controlled memristors", IEEE TCAS-II 62:786, 2015',
  valid: 'voltages of the fit; resistance linear in the state',
  mostVolts: 10,
  parameters: {
    rOff: { unit: 'ohm', value: 1000, min: 1e-3, meaning: 'resistance at x = d' },
    rOn: { unit: 'ohm', value: 50, min: 1e-3, meaning: 'resistance at x = xOn' },
    d: { unit: 'm', value: 3e-9, min: 1e-12, meaning: 'upper end of the state' },
    xOn: { unit: 'm', value: 0, min: 0, meaning: 'lower end of the state' },
    kOff: { unit: 'm/s', value: 5e-4, min: 0, meaning: 'rate above vOff' },
    kOn: { unit: 'm/s', value: -10, max: 0, meaning: 'rate below vOn' },
    alphaOff: { unit: '1', value: 1, min: 0, meaning: 'exponent above vOff' },
    alphaOn: { unit: '1', value: 3, min: 0, meaning: 'exponent below vOn' },
    vOff: { unit: 'V', value: 0.02, min: 1e-9, meaning: 'threshold towards rOff' },
    vOn: { unit: 'V', value: -0.2, max: -1e-9, meaning: 'threshold towards rOn' },
  },
  conditions: [
    { above0: 'rOff - rOn', words: 'rOff must be above rOn' },
    { above0: 'd - xOn', words: 'd must be above xOn' },
  ],
  state: { x: 'xOn' },
  pulse: [
    'let rate = if(volts > vOff, kOff * max(0, volts / vOff - 1) ^ alphaOff, if(volts < vOn, kOn * max(0, volts / vOn - 1) ^ alphaOn, 0))',
    'x = clip(x + rate * seconds, xOn, d)',
  ].join('\n'),
  current: 'volts / (rOn + (rOff - rOn) * (x - xOn) / (d - xOn))',
  conductance: '1 / (rOn + (rOff - rOn) * (x - xOn) / (d - xOn))',
};
