/** How unlike may two pulses be? Digits learned on cells that are ideal but for the spread of their pulses from cycle to cycle. */
import type { QuestionScenario } from 'hillock';

export const howMuchNoise: QuestionScenario = {
  name: 'how-much-noise',
  summary: 'largest cycle-to-cycle noise with which a rule learns digits as well as on the ideal chip',
  question: 'how much cycle-to-cycle noise can it bear?',
  on: 'digits',
  chips: ['memristor-crossbar:ideal-device+levels=1000'],
  axes: {
    'memristor-crossbar': {
      option: 'stepStd',
      values: [0.1, 0.3, 1, 3, 10, 30, 100],
      noun: 'steps of noise',
      meaning: 'spread of each pulse from cycle to cycle, in its own steps',
    },
  },
  wanted: 'largest',
  tolerance: 0.02,
};
