/** Phase change: structural relaxation as power-law drift, stronger for low conductances, and 1/f noise. */
import type { RetentionModel } from './retention-model.ts';

export const pcmRetention: RetentionModel = {
  name: 'pcm',
  title: 'phase change, doped GST mushroom cells',
  citation: 'Nandakumar et al., ICECS 2019; Joshi et al., Nature Communications 11:2473, 2020; coefficients of aihwkit 1.1.0',
  valid: 'cells of up to 25 uS, room temperature',
  gMax: 25e-6,
  t0: 20,
  tRead: 250e-9,
  programming: '0.26348 + 1.9650 * x - 1.1731 * x ^ 2',
  drift: { mean: 'clip(0.0244 - 0.0155 * log(x), 0.049, 0.1)', std: 'clip(0 - 0.0059 - 0.0125 * log(x), 0.008, 0.045)' },
  noise: 'min(0.0088 / max(x ^ 0.65, 0.001), 0.2)',
};
