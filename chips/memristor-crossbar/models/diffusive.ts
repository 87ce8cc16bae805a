/**
 * Volatile (diffusive) memristor: a fast filament f that a voltage grows and that dissolves within tens of milliseconds, and a slow residue r it
 * leaves behind for seconds. Threshold, delay, relaxation and paired-pulse facilitation come out of the two. Without a voltage both are exact
 * exponentials, so spikes cost nothing between each other. The random shrinking of the filament is left out.
 */
import type { CompactModel } from './compact-model.ts';

export const diffusive: CompactModel = {
  name: 'diffusive',
  title: 'volatile diffusive memristor (two states)',
  citation:
    'T. Wang et al., compact diffusive memristor model, IEEE Trans. Circuits Syst. Artificial Intelligence, 2024 (public SPICE model)',
  valid: 'Ag-based threshold switches below their electroforming voltage',
  mostVolts: 5,
  parameters: {
    alpha: { unit: '1', value: 0.1, min: 1e-6, meaning: 'keeps the growth finite as the filament closes' },
    lambda: { unit: '1', value: 0.1, min: 1e-3, meaning: 'how steeply the resistance falls with the filament' },
    rOn: { unit: 'ohm', value: 17e3, min: 1e-3, meaning: 'resistance with the filament closed' },
    rOff: { unit: 'ohm', value: 10e9, min: 1e-3, meaning: 'resistance without a filament' },
    mu: { unit: '1/(V s)', value: 16, min: 0, meaning: 'growth of the filament' },
    beta: { unit: '1/s', value: 0.2, min: 0, meaning: 'filament that becomes residue' },
    gammaFast: { unit: '1/s', value: 50, min: 0, meaning: 'decay of the filament' },
    gammaSlow: { unit: '1/s', value: 0.42, min: 0, meaning: 'decay of the residue' },
  },
  conditions: [{ above0: 'rOff - rOn', words: 'rOff must be above rOn' }],
  state: { f: '0', r: '0' },
  rates: ['fRate = min(abs(volts) * mu / (alpha + 1 - f - r) - (gammaFast + beta) * f, 1)', 'rRate = beta * f - gammaSlow * r'].join('\n'),
  limits: ['r = clip(r, 0, 1)', 'f = clip(f, 0, 1 - r)'].join('\n'),
  rest: [
    'let fast = gammaFast + beta',
    'let keptFast = exp(0 - fast * seconds)',
    'let keptSlow = exp(0 - gammaSlow * seconds)',
    'let passed = if(abs(fast - gammaSlow) > 1e-9, (keptSlow - keptFast) / (fast - gammaSlow), seconds * keptSlow)',
    'r = r * keptSlow + beta * f * passed',
    'f = f * keptFast',
  ].join('\n'),
  current: 'volts / (rOn * (f + r) + rOff * (exp((1 - f - r) / lambda) - 1) / (exp(1 / lambda) - 1))',
  conductance: '1 / (rOn * (f + r) + rOff * (exp((1 - f - r) / lambda) - 1) / (exp(1 / lambda) - 1))',
  longestStep: 1e-3,
};
