/** How a chip explains what is lost on it: its departures from the ideal one, and what helps against them. */

/** One way in which a chip departs from the ideal one, that can be taken from it while the others stay. */
export interface ChipEffect {
  /** Unique on its chip, as the bars of a waterfall are called. */
  readonly name: string;
  /** What it does, against what there is without it; one sentence. */
  readonly meaning: string;
}

/** What a diagnosis of learning may find in a layer (experiments/diagnosis/verdict.ts says when). */
export type LearningFinding = 'silence' | 'lost' | 'noise' | 'bias' | 'saturation';

/** What most likely helps, each as a sentence. */
export interface ChipRemedies {
  readonly findings: Readonly<Partial<Record<LearningFinding, string>>>;
  /** By name of an effect. */
  readonly effects: Readonly<Record<string, string>>;
}
