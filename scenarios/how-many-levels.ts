/** How coarse may a weight be? Digits learned on cells that are ideal but for the number of their levels, or with few bits on the Loihi-like chip. */
import type { QuestionScenario } from 'hillock';

export const howManyLevels: QuestionScenario = {
  name: 'how-many-levels',
  summary: 'smallest number of levels with which a rule learns digits as well as on the ideal chip',
  question: 'how many levels does this rule need?',
  on: 'digits',
  chips: ['memristor-crossbar:ideal-device'],
  axes: {
    'memristor-crossbar': {
      option: 'levels',
      values: [4, 8, 16, 32, 64, 128, 256, 512],
      noun: 'levels',
      meaning: 'levels are pulses across the conductance range of a cell',
    },
    'loihi-like': {
      option: 'learnedWeightBits',
      values: [2, 3, 4, 5, 6, 7, 8, 9],
      noun: 'bits',
      meaning: 'bits of a weight that learns',
    },
  },
  wanted: 'least',
  tolerance: 0.02,
};
