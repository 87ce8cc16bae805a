/** Recordings of single memristive devices: update laws, populations, noise and retention, compact models. They carry no kind; their name says it. */
import { perceptronRecordings } from './crossbar-perceptron.ts';
import { physicsRecordings } from './crossbar-physics.ts';
import { pulseRecordings } from './crossbar-pulses.ts';
import { retentionRecordings } from './crossbar-retention.ts';
import type { Family } from './recording.ts';

export const crossbarDeviceRecordings: Family = {
  ...pulseRecordings,
  ...physicsRecordings,
  ...retentionRecordings,
  ...perceptronRecordings,
};
