/**
 * The document that a run produces: what `--json` prints, what is stored beside the report, and what the report draws. Plain data in SI
 * units; arrays are ordinary numbers so that JSON and msgpack carry the same content. Keys are stable within a schema number; additions only.
 */
import type { DeviceCurves, StepTiming } from '../core/chip-contract.ts';
import type { EnergyReport, Joules } from '../core/energy/estimate.ts';
import type { SynapseHistory } from '../core/kernel/learning-log.ts';
import type { Diagnosis } from './diagnosis/diagnosis.ts';

export const RESULT_SCHEMA = 1;

/** A mean over seeds with its 95 % Student interval (null for a single seed). A change of accuracy is a share. */
export interface MeanOverSeeds {
  readonly mean: number;
  readonly ci95: readonly [number, number] | null;
}

export interface SeedStatistic extends MeanOverSeeds {
  readonly n: number;
  readonly perSeed: readonly number[];
}

/** The same seeds on several sets of devices (Monte-Carlo): each value is the mean over the seeds of one set. */
export interface DeviceSpread {
  readonly sets: number;
  readonly accuracy: SeedStatistic | null;
  /** Joules per synaptic update; null for chips without figures. */
  readonly energyPerUpdate: SeedStatistic | null;
  /** Programming pulses per cell of the plastic projection; null where nothing is programmed. */
  readonly pulsesPerCell: SeedStatistic | null;
  /** Share of a cell's endurance that the training took, from `lo` to `hi` over the range of published endurance; null where that is unknown. */
  readonly enduranceUsed: { readonly value: number; readonly lo: number; readonly hi: number } | null;
}

export interface LearningCost {
  /** Writes that changed the stored weight. */
  readonly synapticUpdates: number;
  /** Evaluations of the rule at a synapse that could have changed its weight. */
  readonly updateAttempts: number;
  /** Writes clipped at a bound of the rule or of the chip. */
  readonly saturatedUpdates: number;
  /** Programming pulses, for devices. */
  readonly writePulses?: number;
  readonly synapticEvents: number;
  readonly spikes: number;
  readonly samples: number;
}

/** Accuracy against training samples seen. */
export interface LearningCurve {
  readonly samples: readonly number[];
  /** [seed][point] accuracy on held-out samples (classification) or on the last trials (bandit). */
  readonly perSeed: readonly (readonly number[])[];
  /** What the ordinate is, e.g. `accuracy on 500 validation samples`. */
  readonly label: string;
}

export interface Raster {
  readonly title: string;
  readonly population: string;
  readonly neurons: number;
  readonly ticks: number;
  /** Length of a tick in seconds. */
  readonly dt: number;
  readonly t: readonly number[];
  readonly i: readonly number[];
}

export interface WeightPicture {
  readonly projection: string;
  readonly histogram: { readonly edges: readonly number[]; readonly before: readonly number[]; readonly after: readonly number[] };
  /** Weights the chip can hold, in network units; null when continuous, [] never. Thinned to at most 512. */
  readonly levels: readonly number[] | null;
  /** Receptive fields of the first post neurons: [neuron][rows*columns] of weights in network units. */
  readonly mosaic: {
    readonly rows: number;
    readonly columns: number;
    readonly labels: readonly string[];
    readonly fields: readonly (readonly number[])[];
  } | null;
}

/** Measured weight change against spike time difference (post - pre). */
export interface WindowCurve {
  /** Seconds. */
  readonly deltaT: readonly number[];
  /** Mean weight change over the repeats, in network units. */
  readonly deltaW: readonly number[];
  readonly sd: readonly number[];
  readonly n: number;
  /** Closed form of the ideal rule at the same points, where the rule has one. */
  readonly expected?: readonly number[];
}

/** What anomaly detection finds in the test images; null where there are none of the kind. */
export interface NoveltyFigures {
  /** Area under the curve of the error spikes as a score of the held-out class. */
  readonly area: number | null;
  /** Mean error spikes of an image of a known class, and of the held-out class. */
  readonly known: number | null;
  readonly novel: number | null;
  /** Mean squared error of a pixel in images of known classes, white being 1. */
  readonly squaredError: number | null;
}

/** What a network that predicts images sees in them; pixels are shares of white, row by row. */
export interface NoveltyPictures {
  readonly rows: number;
  readonly columns: number;
  /** The first test image of each class, and its prediction before and after learning. */
  readonly images: readonly {
    readonly label: number;
    readonly pixels: readonly number[];
    readonly before: readonly number[];
    readonly after: readonly number[];
  }[];
  /** [latent] what each predicts when it is held at its highest and the others at their lowest value, before a black image */
  readonly dreams: readonly (readonly number[])[];
}

/** Anomaly detection over the seeds. */
export interface NoveltyResult {
  /** [seed] the class that was held out */
  readonly heldOut: readonly number[];
  /** Test images of the first run, of known classes and of the held-out one. */
  readonly images: { readonly known: number; readonly novel: number };
  readonly before: NoveltyStatistics;
  readonly after: NoveltyStatistics;
  /** Error spikes of test images after learning, all runs together: counts by bin. */
  readonly scores: { readonly edges: readonly number[]; readonly known: readonly number[]; readonly novel: readonly number[] };
  /** Of the first run. */
  readonly pictures: NoveltyPictures;
}

/** The figures over the seeds. */
export type NoveltyStatistics = Readonly<Record<keyof NoveltyFigures, SeedStatistic | null>>;

/** Accuracy of a chip minus that of the reference, paired by seed. */
export interface ChipDifference extends MeanOverSeeds {
  readonly reference: string;
  /** Of the paired t test, by itself and corrected by Holm over the chips compared; null where there is no spread to test against. */
  readonly p: number | null;
  readonly pHolm: number | null;
  readonly n: number;
  /** Seeds with which a true difference of this size would be found with probability 0.8; null where no number is known. */
  readonly seedsNeeded: number | null;
  /** The same in words. */
  readonly words: string;
}

/** Right answers to the test images before anything was learned on the chip. */
export interface PretrainedAccuracy {
  /** Passes of back-propagation through the training images. */
  readonly epochs: number;
  /** Of the teacher, a network of rates. */
  readonly teacher: SeedStatistic | null;
  /** Of its weights as the chip holds them. */
  readonly placed: SeedStatistic | null;
}

/** `sequence`: one after another in the chip's order. `both`: besides, each alone and each as the last. `shapley`: mean over orders. */
export type AblationMode = 'sequence' | 'both' | 'shapley';

/** A bar of the waterfall. */
export interface EffectOfChip {
  readonly name: string;
  readonly meaning: string;
  /** What switching it on does to accuracy; below 0 is a loss. */
  readonly delta: MeanOverSeeds;
  readonly n: number;
  readonly perSeed: readonly number[];
  /** With `both`: what it does when all others are off, and when all others are on. */
  readonly alone?: MeanOverSeeds;
  readonly lastOn?: MeanOverSeeds;
}

/** The difference between the ideal chip and this one, divided among the effects of the chip. */
export interface Ablation {
  readonly reference: string;
  readonly mode: AblationMode;
  /** Orders that the changes are means over. */
  readonly orders: number;
  /** Accuracy of the chip minus that of the reference; the effects add up to it. */
  readonly total: MeanOverSeeds;
  /** In the order in which they were switched on; `rest` first. */
  readonly effects: readonly EffectOfChip[];
}

export interface ChipTiming extends StepTiming {
  /** Joules of a tick (static power apart) times the seconds it takes; null where the chip has no energy figures. */
  readonly energyDelay: { readonly value: number; readonly lo: number; readonly hi: number; readonly unit: 'J s' } | null;
}

/** Until the learning curve, averaged over the seeds, first stands at `goal`. */
export interface CostToGoal {
  /** Share of right answers. */
  readonly goal: number;
  /** Null where it was not reached. */
  readonly samples: number | null;
  /** Joules of running and learning until then; null where it was not reached or the chip has no figures. */
  readonly energy: Joules | null;
}

/** The same layers trained by back-propagation on a digital machine. */
export interface DigitalReference {
  /** Joules per training sample. */
  readonly perSample: number;
  readonly note: string;
}

export interface ChipResult {
  readonly chip: string;
  readonly title: string;
  /** Test accuracy, the share of rewarded trials, or the area under the curve of an anomaly score; null for scenarios without a score. */
  readonly accuracy: SeedStatistic | null;
  /** Against the reference chip, in a comparison. */
  readonly difference?: ChipDifference;
  /** Which effects of the chip the difference comes from, where asked for. */
  readonly ablation?: Ablation;
  /** What becomes of weight changes in each layer, where asked for. */
  readonly diagnosis?: Diagnosis;
  /** Accuracy after pauses, where the test was repeated. */
  readonly later?: readonly { readonly after: string; readonly seconds: number; readonly accuracy: SeedStatistic | null }[];
  /** Where the network was trained by back-propagation before it came to the chip; `accuracy` is that after learning on the chip. */
  readonly pretrained?: PretrainedAccuracy;
  /** For chips with devices, when several sets were run. */
  readonly devices?: DeviceSpread;
  readonly energy: EnergyReport;
  /** How the chip's devices answer pulses and time. */
  readonly deviceCurves?: DeviceCurves;
  readonly learningCost: LearningCost;
  /** Where there is a learning curve. */
  readonly toGoal?: CostToGoal;
  /** Time on the chip, where it has figures for it. */
  readonly timing?: ChipTiming;
  readonly curve: LearningCurve | null;
  readonly rasters: readonly Raster[];
  readonly weights: WeightPicture | null;
  readonly window: WindowCurve | null;
  /** Of anomaly detection. */
  readonly novelty?: NoveltyResult;
  /** Why some synapses have their weight, run by run, where asked for. */
  readonly why?: readonly { readonly seed: number; readonly deviceSet: number; readonly synapses: readonly SynapseHistory[] }[];
  /** [actual][answered] counts over all seeds. */
  readonly confusion: readonly (readonly number[])[] | null;
  /** Use of the chip's resources. */
  readonly resources: readonly { readonly resource: string; readonly where: string; readonly used: number; readonly available: number }[];
  readonly findings: readonly {
    readonly severity: 'error' | 'warning' | 'info';
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
  }[];
  readonly caveats: readonly string[];
  /** Hash of the final weights and state of every seed: equal bits mean equal hashes. */
  readonly stateHash: string;
  readonly wallSeconds: number;
}

/** One setting of a sweep over its seeds. */
export interface SettingResult {
  readonly chip: string;
  readonly rule: string;
  /** What varies, by axis; `chip` is the chip without the options that vary. */
  readonly values: Readonly<Record<string, string>>;
  /** The seeds that all figures are over: those with a result for every set of devices. */
  readonly seeds: readonly number[];
  readonly accuracy: SeedStatistic | null;
  /** Joules per synaptic update over all seeds, from `lo` to `hi` over what is published; null for chips without figures. */
  readonly energyPerUpdate: { readonly value: number; readonly lo: number; readonly hi: number; readonly unit: 'J' } | null;
  /** The same by seed. */
  readonly energySpread: SeedStatistic | null;
  /** An event has no published figure, so the energy is a lower bound. */
  readonly energyIsLowerBound: boolean;
  readonly synapticUpdates: number;
  /** As that of a chip; null where there is no seed. */
  readonly stateHash: string | null;
}

/** A run of a sweep that has no result. */
export interface RunWithoutResult {
  readonly chip: string;
  readonly values: Readonly<Record<string, string>>;
  readonly seed: number;
  readonly deviceSet: number;
  /** What is wrong with it; absent where nobody has run it. */
  readonly problem?: { readonly code: string; readonly message: string };
}

/** A question to a sweep, and the answer found. */
export interface SweepAnswer {
  readonly question: string;
  /** What varies, and its unit or meaning. */
  readonly axis: string;
  readonly meaning: string;
  /** Setting that the others are compared with, over the same seeds. */
  readonly reference: string;
  /** Largest loss against the reference that counts as none, as a share. */
  readonly tolerance: number;
  readonly points: readonly AnswerPoint[];
  /** The value found; null where none is. */
  readonly threshold: string | null;
  readonly words: string;
}

/** `within`: surely no more than the tolerance below the reference; `beyond`: surely more; `open`: these seeds cannot tell. */
export interface AnswerPoint {
  readonly value: string;
  readonly accuracy: SeedStatistic | null;
  readonly difference: MeanOverSeeds | null;
  readonly verdict: 'within' | 'beyond' | 'open';
}

export interface SweepResult {
  readonly axes: readonly { readonly name: string; readonly values: readonly string[] }[];
  readonly settings: readonly SettingResult[];
  readonly runs: { readonly planned: number; readonly done: number; readonly failed: number; readonly missing: number };
  readonly failed: readonly RunWithoutResult[];
  readonly missing: readonly RunWithoutResult[];
  /** Where the sweep was made to answer a question. */
  readonly answer?: SweepAnswer;
}

export interface ResultDocument {
  readonly tool: 'hillock';
  readonly version: string;
  readonly schema: number;
  readonly verb: string;
  readonly ok: boolean;
  readonly scenario: string;
  readonly title: string;
  /** One sentence: what was run, on what task. */
  readonly summary: string;
  readonly rule: { readonly name: string; readonly citation?: string; readonly text: string };
  readonly seed: number;
  readonly seeds: number;
  /** Sets of devices per seed, where asked for. */
  readonly devices?: number;
  /** Hashes of everything that went in. */
  readonly inputs: Readonly<Record<string, { readonly sha256: string; readonly what?: string }>>;
  /** The command that reproduces this document. */
  readonly command: string;
  readonly configuration: Readonly<Record<string, unknown>>;
  readonly results: readonly ChipResult[];
  /** Of a sweep, whose results are settings rather than chips. */
  readonly sweep?: SweepResult;
  /** For tasks that read images. */
  readonly digital?: DigitalReference;
  readonly warnings: readonly { readonly code: string; readonly message: string; readonly hint?: string }[];
  readonly wallSeconds: number;
}
