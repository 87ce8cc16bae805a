/** Compact models by name. */
import type { CompactModel } from './compact-model.ts';
import { dataDriven } from './data-driven.ts';
import { diffusive } from './diffusive.ts';
import { powerLawDrift } from './power-law-drift.ts';
import { pulseCountPower } from './pulse-count-power.ts';
import { stanfordPku } from './stanford-pku.ts';
import { volatileExponential } from './volatile-exponential.ts';
import { vteam } from './vteam.ts';

export const COMPACT_MODELS: Readonly<Record<string, CompactModel>> = {
  vteam,
  'stanford-pku': stanfordPku,
  'data-driven': dataDriven,
  'pulse-count-power': pulseCountPower,
  'power-law-drift': powerLawDrift,
  diffusive,
  'volatile-exponential': volatileExponential,
};
