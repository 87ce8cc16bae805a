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
  /** Neurons of the hidden layer, for circuits that have one. */
  readonly hidden?: number;
  /** Samples are spikes over so many ticks, handed to a played source; absent for pictures. */
  readonly ticks?: number;
  /** Name of the rule it is to be run with, which may ask for a circuit of its own; absent for the scenario's own. */
  readonly rule?: string;
  /** Real images from a folder, rather than generated ones. */
  readonly realImages: boolean;
}

export interface Scenario {
  readonly name: string;
  readonly summary: string;
  /** What it reads: generated digits or a folder of samples, only a folder, or nothing. */
  readonly data: 'images' | 'folder' | 'none';
  /** What has to be in the folder, where it needs one. */
  readonly holds?: string;
  /** Rule it is run with unless another is named. */
  readonly rule: string;
  /** Rules for which `build` makes a circuit of its own; any other runs in the circuit of `rule`. */
  readonly rules?: readonly string[];
  build(options: ScenarioOptions): Experiment;
}

/** A scenario that runs no network: a table computed from the presets that ship. */
export interface TableScenario {
  readonly name: string;
  readonly summary: string;
  table(): EnergyClaims;
}
