/** A plain model for cells nobody has measured: one spread of programming, one distribution of drift exponents. */
import type { RetentionModel } from './retention-model.ts';

export const stateIndependent: RetentionModel = {
  name: 'state-independent',
  title: 'drift and spread that do not depend on the state',
  citation: 'state-independent noise model of aihwkit 1.1.0: 0.2 uS, exponents 0.1 ± 0.05',
  valid: 'a first guess',
  gMax: 25e-6,
  t0: 20,
  tRead: 250e-9,
  programming: '0.2',
  drift: { mean: '0.1', std: '0.05' },
};
