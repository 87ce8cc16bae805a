/** Recordings of single memristive devices: update laws, populations, noise and retention, compact models. They carry no kind; their name says it. */

import { Difference } from './compare.ts';
import { perceptronRecordings } from './crossbar-perceptron.ts';
import { physicsRecordings } from './crossbar-physics.ts';
import { pulseRecordings } from './crossbar-pulses.ts';
import { retentionRecordings } from './crossbar-retention.ts';
import type { Check, Family } from './recording.ts';

const checks: Family = { ...pulseRecordings, ...physicsRecordings, ...retentionRecordings, ...perceptronRecordings };

/** What every recording has; a check may then read into it. */
const PARTS = ['parameters', 'inputs', 'expected', 'tolerance'] as const;

export const crossbarDeviceRecordings: Family = Object.fromEntries(
  Object.entries(checks).map(([kind, check]): [string, Check] => [
    kind,
    (recording, file) => {
      const missing = PARTS.filter((part) => typeof recording[part] !== 'object' || recording[part] === null);
      if (missing.length > 0) throw new Difference(`the recording has no ${missing.join(', no ')}`);
      check(recording, file);
    },
  ]),
);
