/** Recordings of single memristive devices: update laws, populations, noise and retention, compact models. They carry no kind; their name says it. */
import { pulseRecordings } from './crossbar-pulses.ts';
import type { Family } from './recording.ts';

export const crossbarDeviceRecordings: Family = { ...pulseRecordings };
