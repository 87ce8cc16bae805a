/**
 * Analog ReRAM of conductive metal oxide on HfOx: after program-and-verify the conductance falls and spreads with the logarithm of time, the same for
 * every state.
 */
import type { RetentionModel } from './retention-model.ts';

/** Programming error, microsiemens, by what the verification accepts (per cent of the target). */
export const CMO_PROGRAMMING: Readonly<Record<string, string>> = {
  '0.2': '0.00081107 + 0.00106879 * g',
  '2': '0.0112185391 + 0.01129027418 * g',
};

export const reramCmo: RetentionModel = {
  name: 'reram-cmo',
  title: 'analog CMO/HfOx ReRAM',
  citation:
    'Falcone et al., "All-in-one analog AI hardware", Advanced Functional Materials, 2025; Lombardo et al., DRC 2024; coefficients of aihwkit 1.1.0',
  valid: 'cells of 9 to 88.2 uS, from a second after programming; programmed to 2 % of the target',
  gMax: 88.2e-6,
  gMin: 9e-6,
  t0: 1,
  tRead: 1e-6,
  programming: CMO_PROGRAMMING['2'],
  relaxation: { shift: '0 - 0.08900206 * log(t)', std: '0.41183342 + 0.04201137 * log(t)', from: 1 },
  noiseStd: '0.0277316483 * log(g) / 2.302585092994046',
};
