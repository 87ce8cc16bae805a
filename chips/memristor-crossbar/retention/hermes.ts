/** Phase change on the HERMES project chip, with one or two devices for each polarity of a weight. */
import type { RetentionModel } from './retention-model.ts';

const CITATION =
  'Le Gallo et al., Nature Electronics 6:680, 2023; Khaddam-Aljameh et al., IEEE JSSC 57:1027, 2022; Vasilopoulos et al., IEEE TED 70:6194, 2023; coefficients of aihwkit 1.1.0';
const DRIFT_MEAN = 'if(x < 0.0945, clip(0 - 0.0182 - 0.0387 * log(x), 0.072, 0.13), 0.0736 - 0.0126 * x - 0.0436 * x ^ 2)';

export const hermesOneDevice: RetentionModel = {
  name: 'hermes-1',
  title: 'phase change of the HERMES project chip, one device',
  citation: CITATION,
  valid: 'cells of up to 10.35 uS',
  gMax: 10.35e-6,
  t0: 200,
  tRead: 512e-9,
  programming: '0.15781817 + 2.32443916 * x - 2.16310839 * x ^ 2 + 0.68841818 * x ^ 3',
  drift: {
    mean: DRIFT_MEAN,
    std: 'if(x < 0.3039, clip(0 - 0.0023 - 0.0120 * log(x), 0.0124, 0.04), 0.0104 + 0.0116 * x - 0.0165 * x ^ 2)',
  },
  noise: 'if(x < 0.1591, clip(0.0038 - 0.0078 * log(x), 0.0179, 0.04), 0.0088 + 0.0768 * x - 0.1352 * x ^ 2 + 0.0664 * x ^ 3)',
};

export const hermesTwoDevices: RetentionModel = {
  name: 'hermes-2',
  title: 'phase change of the HERMES project chip, two devices',
  citation: CITATION,
  valid: 'pairs of devices of up to 20.7 uS together',
  gMax: 20.7e-6,
  t0: 300,
  tRead: 512e-9,
  programming: '0.16603222 + 4.71806468 * x - 8.48101252 * x ^ 2 + 4.68961419 * x ^ 3',
  drift: {
    mean: DRIFT_MEAN,
    std: 'if(x < 0.3055, clip(0 - 0.0057 - 0.0117 * log(x), 0.0091, 0.04), 0.0073 + 0.0093 * x - 0.0118 * x ^ 2)',
  },
  noise: 'if(x < 0.16, clip(0 - 0.0069 - 0.0117 * log(x), 0.015, 0.04), 0.0123 + 0.0211 * x - 0.0280 * x ^ 2 + 0.0069 * x ^ 3)',
};
