/** Digits seen by an event camera that moves over them, from a folder in the layout of N-MNIST: events at their times, two polarities. */
import { eventRules, folderScenario } from './circuits/circuits.ts';

export const nmnist = folderScenario('nmnist', {
  summary: 'digits seen by an event camera, by dfa on its events, or by ep or pc on their counts',
  holds: 'labels.csv and a file of events per sample',
  title: 'N-MNIST',
  images: 'digits of an event camera',
  // reward alone learned nothing from 503 recordings
  rules: eventRules.filter((rule) => rule !== 'r-stdp'),
});
