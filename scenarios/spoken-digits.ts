/** Spoken digits from a folder in the layout of the Free Spoken Digit Dataset, through a bank of gammatone filters. */
import { eventRules, folderScenario } from './circuits/circuits.ts';

export const spokenDigits = folderScenario('spoken-digits', {
  summary: 'spoken digits through a model of the cochlea, by dfa, ep, pc or r-stdp',
  holds: 'index.csv and the sounds in recordings',
  title: 'Spoken digits',
  images: 'cochleagrams of spoken digits',
  rules: eventRules,
});
