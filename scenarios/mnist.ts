/** Handwritten digits from a folder of MNIST idx files, by any of the rules that learn images. */
import { folderScenario } from './circuits/circuits.ts';

export const mnist = folderScenario('mnist', {
  summary: 'handwritten digits from a folder of idx files, by dfa, ep, pc, r-stdp or r-stdp-conv',
  holds: 'idx files, packed or not',
  title: 'MNIST',
  images: 'handwritten digits',
});
