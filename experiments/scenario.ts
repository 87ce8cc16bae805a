/** A scenario: an experiment that ships, made for the data it will see. */
import type { EnergyClaims } from './energy-claims.ts';
import type { Experiment } from './experiment.ts';

export interface ScenarioOptions {
  /** Pixels per image, for scenarios that read images. */
  readonly pixels: number;
  /** Images per epoch and for the test; epochs. Absent: what the scenario suggests. */
  readonly train?: number;
  readonly test?: number;
  readonly epochs?: number;
  /** Real images from a folder, rather than generated ones. */
  readonly realImages: boolean;
}

export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /** What it reads: generated digits or a folder of idx files, or nothing. */
  readonly data: 'images' | 'none';
  /** Rule it is run with unless another is named. */
  readonly rule: string;
  build(options: ScenarioOptions): Experiment;
}

/** A scenario that runs no network: a table computed from the presets that ship. */
export interface TableScenario {
  readonly name: string;
  readonly summary: string;
  table(): EnergyClaims;
}
