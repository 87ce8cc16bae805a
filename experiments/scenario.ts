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

/** A scenario that is a question to a design space: one experiment on a row of chips that differ in one thing, beside the ideal chip. */
export interface QuestionScenario {
  readonly name: string;
  readonly summary: string;
  /** As a person asks it. */
  readonly question: string;
  /** Scenario that is learned. */
  readonly on: string;
  /** Chips it is asked of unless others are named, as the command line writes them. */
  readonly chips: readonly string[];
  /** What varies, by chip; absent where the chips themselves are what is to be chosen from. */
  readonly axes?: Readonly<Record<string, QuestionAxis>>;
  /** The least or the largest value that still does, or the chip that does best. */
  readonly wanted: 'least' | 'largest' | 'best';
  /** Largest loss against the ideal chip that counts as none, as a share. */
  readonly tolerance: number;
}

export interface QuestionAxis {
  /** Option of the chip, or figure of its device. */
  readonly option: string;
  /** In rising order. */
  readonly values: readonly number[];
  /** What a value is called in a sentence: `levels`. */
  readonly noun: string;
  readonly meaning: string;
}
