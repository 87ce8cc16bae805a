/** The public names of Hillock. Everything a person scripts with comes through this door. */
export { parseLavaCompat } from './chips/loihi-like/lava/compat-parser.ts';
export { ruleFromLava, ruleToLava } from './chips/loihi-like/lava/exchange.ts';
export { initialWeightFindings, lavaFindings, literalFinding } from './chips/loihi-like/lava/findings.ts';
export { lavaNeurons } from './chips/loihi-like/lava/neurons.ts';
export type { NxsdkRuleParameters } from './chips/loihi-like/lava/nxsdk.ts';
export { ruleFromNxsdk, ruleToNxsdk } from './chips/loihi-like/lava/nxsdk.ts';
export { lavaReference } from './chips/loihi-like/lava/reference.ts';
export { lavaTape } from './chips/loihi-like/lava/rounding.ts';
export type { LavaRuleParameters } from './chips/loihi-like/lava/rule-set.ts';
export { floatToLiteral, rewardModulatedStdp, stdpLoihi } from './chips/loihi-like/lava/rule-set.ts';
export type { LavaTape } from './chips/loihi-like/lava/tape.ts';
export { optimiseWeightBits, staticConnection } from './chips/loihi-like/lava/weights.ts';
export { loihiLike } from './chips/loihi-like/loihi-like.ts';
export { errorLearning } from './chips/loihi-like/nengo/error-learning.ts';
export { nengoNeurons } from './chips/loihi-like/nengo/neurons.ts';
export { pcg64 } from './chips/loihi-like/pcg64.ts';
export { productTable } from './chips/loihi-like/product-table.ts';
export { conductanceForWeight, weightReadBack } from './chips/memristor-crossbar/access-device.ts';
export { analogProduct } from './chips/memristor-crossbar/analog-product.ts';
export { convertSignMagnitude, convertUniform } from './chips/memristor-crossbar/converters.ts';
export { deviceCurves } from './chips/memristor-crossbar/device-curves.ts';
export type { Device } from './chips/memristor-crossbar/device-figures.ts';
export { DEVICE_NAMES as deviceNames } from './chips/memristor-crossbar/device-presets.ts';
export { fitDevice } from './chips/memristor-crossbar/fit-device.ts';
export { halfSelectJoules } from './chips/memristor-crossbar/half-select.ts';
export { memristorCrossbar } from './chips/memristor-crossbar/memristor-crossbar.ts';
export { compactDevice } from './chips/memristor-crossbar/models/compact-model.ts';
export { COMPACT_MODELS } from './chips/memristor-crossbar/models/compact-models.ts';
export { cellBench } from './chips/memristor-crossbar/one-cell.ts';
export { drawCoincidences, planTrains } from './chips/memristor-crossbar/pulse-trains.ts';
export { memristorDevice } from './chips/memristor-crossbar/read-device.ts';
export { retentionOf } from './chips/memristor-crossbar/retention/retention-model.ts';
export { RETENTION_MODELS } from './chips/memristor-crossbar/retention/retention-models.ts';
export { programCells } from './chips/memristor-crossbar/retention/trajectory.ts';
export { overlapRule, pairDose } from './chips/memristor-crossbar/waveforms.ts';
export type {
  DiscretisedParameter,
  NearestRule,
  ResourceUse,
  RuleChange,
  StepTiming,
  Violation,
} from './core/chip-contract.ts';
export type { ChipEffect } from './core/chip-effects.ts';
export type { Grid } from './core/wires/grid.ts';
export { gatedCurrent, ladderCurrent } from './core/wires/ladder.ts';
export { sneakCurrents } from './core/wires/sneak.ts';
export { solveGrid } from './core/wires/solve-grid.ts';
export { addRows, transferMatrix } from './core/wires/transfer.ts';
export { compareChips } from './experiments/compare-chips.ts';
export type { DiagnosedLayer, Diagnosis } from './experiments/diagnosis/diagnosis.ts';
export { energyClaims } from './experiments/energy-claims.ts';
export type {
  Experiment,
  FeatureStage,
  LearnStep,
  Phase,
  Pretraining,
  SpikePattern,
  Task,
  TeacherLayer,
} from './experiments/experiment.ts';
export { goldenFiles, goldenKinds, goldenReport, runGolden } from './experiments/golden/run-golden.ts';
export { laterPlan } from './experiments/later.ts';
export type { Ablation, AblationMode, ChipDifference, ChipResult, ResultDocument } from './experiments/result.ts';
export { runExperiment } from './experiments/run-experiment.ts';
export type { QuestionScenario, Scenario, ScenarioOptions, TableScenario } from './experiments/scenario.ts';
export { renderReport } from './report/render-report.ts';
export * from './simulation.ts';
