/** Which of the cells that ship would you rather learn on? Digits on all of them, with all their noise, on the same seeds. */
import type { QuestionScenario } from 'hillock';
import { deviceNames } from 'hillock';

export const whichDevice: QuestionScenario = {
  name: 'which-device',
  summary: 'the device preset on which a rule learns digits best, and those that cannot be told from it',
  question: 'which device preset is best for it?',
  on: 'digits',
  chips: deviceNames.filter((name) => name !== 'ideal-device').map((name) => `memristor-crossbar:${name}`),
  wanted: 'best',
  tolerance: 0.02,
};
