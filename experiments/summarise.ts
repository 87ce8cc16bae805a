/** Gathers the runs of one chip into its part of the result document. */
import type { ChipBackend } from '../core/chip-contract.ts';
import type { EnergyReport } from '../core/energy/estimate.ts';
import { estimate } from '../core/energy/estimate.ts';
import type { EventCounts } from '../core/energy/event-kinds.ts';
import type { Plan } from '../core/plan/plan.ts';
import { checkRuleOrThrow } from '../core/plasticity/check-rule.ts';
import { sourcesOf } from '../core/synapses/synapse-table.ts';
import { costToGoal } from './cost-to-learn.ts';
import { diagnosedLayers } from './diagnosis/diagnosis.ts';
import { verdictOn } from './diagnosis/verdict.ts';
import type { ClassificationTask, Experiment } from './experiment.ts';
import { classifies, pretrainingOf } from './experiment.ts';
import { HISTOGRAM_BINS, histogramOf } from './histogram.ts';
import { noveltyResult } from './novelty-result.ts';
import type { RunOutcome } from './outcome.ts';
import type { ChipResult, DeviceSpread, LearningCost, SeedStatistic, WeightPicture, WindowCurve } from './result.ts';
import { contentHash } from './run-store.ts';
import { averageOrNull, shareStatistic, statisticOf } from './seed-statistic.ts';
import { expectedWindow } from './tasks/stdp-window.ts';

const MOST_LEVELS = 512;

/** @param outcomes seed by seed from `seed` on, and for each seed all sets of devices */
export function summarise(
  experiment: Experiment,
  chip: ChipBackend,
  plan: Plan,
  outcomes: readonly RunOutcome[],
  sets = 1,
  seed = 1,
): ChipResult {
  const cost = learningCost(outcomes);
  const first = outcomes[0];
  const energy = energyOf(plan, outcomes);
  const curve =
    first.curve === null
      ? null
      : { samples: first.curve.samples, label: first.curve.label, perSeed: outcomes.map((outcome) => outcome.curve?.values ?? []) };
  return {
    chip: chip.profile.name,
    title: chip.profile.title,
    accuracy: accuracyOf(bySeed(outcomes, sets)),
    ...(sets === 1
      ? {}
      : {
          devices: deviceSpread(
            chip,
            plan,
            experiment,
            groups(outcomes, (n) => n % sets),
          ),
        }),
    ...(first.later === undefined ? {} : { later: laterAccuracy(outcomes, sets) }),
    ...pretrained(experiment, outcomes, sets),
    ...diagnosis(chip, outcomes, sets),
    energy,
    learningCost: cost,
    ...(chip.deviceCurves && { deviceCurves: chip.deviceCurves() }),
    ...chipTiming(chip, plan, outcomes, energy),
    curve,
    // a curve of errors has no share of right answers to reach
    ...(curve === null || first.novelty !== undefined ? {} : { toGoal: costToGoal(curve, energy) }),
    rasters: first.rasters,
    weights: weightPicture(experiment, plan, first),
    window: windowCurve(experiment, plan, outcomes),
    ...noveltyResult(bySeed(outcomes, sets)),
    ...whySynapses(outcomes, sets, seed),
    confusion: sumMatrices(outcomes.map((outcome) => outcome.confusion)),
    resources: plan.placement.uses,
    findings: plan.findings.map(({ severity, code, message, hint }) => ({
      severity,
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
    })),
    caveats: plan.chip.caveats,
    stateHash: contentHash(outcomes.map((outcome) => outcome.stateHash)).slice(0, 16),
    wallSeconds: outcomes.reduce((sum, outcome) => sum + outcome.wallSeconds, 0),
  };
}

/** What a comparison finds out besides (alternatives, effects) joins the verdict there. */
function diagnosis({ remedies }: ChipBackend, outcomes: readonly RunOutcome[], sets: number): Pick<ChipResult, 'diagnosis'> {
  const runs = bySeed(outcomes, sets).map((list) => list.flatMap(({ updates }) => (updates === undefined ? [] : [updates])));
  if (runs[0].length === 0) return {};
  const layers = diagnosedLayers(runs);
  return {
    diagnosis: { samples: runs[0][0][0]?.samples ?? 0, layers, alternatives: [], ...verdictOn({ layers, ...(remedies && { remedies }) }) },
  };
}

function chipTiming(
  chip: ChipBackend,
  { placement, network }: Plan,
  outcomes: readonly RunOutcome[],
  { parts, breakdown }: EnergyReport,
): Pick<ChipResult, 'timing'> {
  const { events, seconds } = totals(outcomes);
  const ticks = Math.round(seconds / network.dt);
  const timing = chip.timing?.(placement, events, ticks, network.dt);
  if (timing === undefined) return {};
  const { running, learning } = parts;
  const { perStep } = timing;
  const product = (end: 'value' | 'lo' | 'hi'): number => ((running[end] + learning[end]) / ticks) * perStep[end];
  const isPriced = ticks > 0 && breakdown.length > 0;
  const energyDelay = isPriced ? ({ value: product('value'), lo: product('lo'), hi: product('hi'), unit: 'J s' } as const) : null;
  return { timing: { ...timing, energyDelay } };
}

export function groups(outcomes: readonly RunOutcome[], groupOf: (n: number) => number): RunOutcome[][] {
  const lists: RunOutcome[][] = [];
  for (const [n, outcome] of outcomes.entries()) {
    lists[groupOf(n)] ??= [];
    lists[groupOf(n)].push(outcome);
  }
  return lists;
}

/** A share over seeds, each list being the runs of one. */
const shareOver = (
  lists: readonly (readonly RunOutcome[])[],
  share: (outcome: RunOutcome) => number | null | undefined,
): SeedStatistic | null => shareStatistic(lists.map((list) => averageOrNull(list.map((outcome) => share(outcome) ?? null))));

const accuracyOf = (lists: readonly (readonly RunOutcome[])[]): SeedStatistic | null => shareOver(lists, ({ accuracy }) => accuracy);

/** The runs of each seed. */
const bySeed = (outcomes: readonly RunOutcome[], sets: number): RunOutcome[][] => groups(outcomes, (n) => Math.floor(n / sets));

const laterAccuracy = (outcomes: readonly RunOutcome[], sets: number): ChipResult['later'] =>
  outcomes[0].later?.map(({ after, seconds }, pause) => ({
    after,
    seconds,
    accuracy: shareOver(bySeed(outcomes, sets), ({ later }) => later?.[pause].accuracy),
  }));

function pretrained({ task }: Experiment, outcomes: readonly RunOutcome[], sets: number): Pick<ChipResult, 'pretrained'> {
  const epochs = pretrainingOf(task)?.epochs;
  if (epochs === undefined) return {};
  const [teacher, placed] = (['teacher', 'placed'] as const).map((which) =>
    shareOver(bySeed(outcomes, sets), (outcome) => outcome.pretrained?.[which]),
  );
  return { pretrained: { epochs, teacher, placed } };
}

const average = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;

function deviceSpread(chip: ChipBackend, plan: Plan, { task }: Experiment, sets: readonly (readonly RunOutcome[])[]): DeviceSpread {
  const energies = sets.map((list) => energyOf(plan, list).perUpdate?.value ?? null);
  const cells = plan.placement.uses.find(({ resource, where }) => resource === 'cells' && where === `projection ${task.plastic}`)?.used;
  const pulsesPerCell =
    cells === undefined ? null : statisticOf(sets.map((list) => average(list.map(({ events }) => (events.writePulse ?? 0) / cells))));
  const { endurance } = chip.profile;
  const enduranceUsed =
    endurance === undefined || pulsesPerCell === null
      ? null
      : { value: pulsesPerCell.mean / endurance.value, lo: pulsesPerCell.mean / endurance.hi, hi: pulsesPerCell.mean / endurance.lo };
  return { sets: sets.length, accuracy: accuracyOf(sets), energyPerUpdate: statisticOf(energies), pulsesPerCell, enduranceUsed };
}

function learningCost(outcomes: readonly RunOutcome[]): LearningCost {
  const sum = (value: (outcome: RunOutcome) => number): number => outcomes.reduce((total, outcome) => total + value(outcome), 0);
  const writePulses = sum(({ events }) => events.writePulse ?? 0);
  return {
    synapticUpdates: sum(({ learning }) => learning.synapticUpdates),
    updateAttempts: sum(({ learning }) => learning.updateAttempts),
    saturatedUpdates: sum(({ learning }) => learning.saturatedUpdates),
    ...(writePulses > 0 ? { writePulses } : {}),
    synapticEvents: sum(({ events }) => events.synapticEvent ?? 0),
    spikes: sum(({ events }) => events.neuronSpike ?? 0),
    samples: sum(({ samples }) => samples),
  };
}

/** What runs have used together. */
export function energyOf({ chip }: Plan, outcomes: readonly RunOutcome[]): EnergyReport {
  const { events, ...totalled } = totals(outcomes);
  return estimate(events, chip.energy, totalled);
}

function totals(outcomes: readonly RunOutcome[]): { events: EventCounts; seconds: number; updates: number; samples: number } {
  const sum = (value: (outcome: RunOutcome) => number): number => outcomes.reduce((total, outcome) => total + value(outcome), 0);
  return {
    events: sumCounts(outcomes.map(({ events }) => events)),
    seconds: sum(({ simulatedSeconds }) => simulatedSeconds),
    updates: sum(({ learning }) => learning.synapticUpdates),
    samples: sum(({ samples }) => samples),
  };
}

function sumCounts(all: readonly EventCounts[]): EventCounts {
  const total: Record<string, number> = {};
  for (const counts of all) for (const [kind, count] of Object.entries(counts)) total[kind] = (total[kind] ?? 0) + count;
  return total as EventCounts;
}

function sumMatrices(matrices: readonly (readonly (readonly number[])[] | null)[]): number[][] | null {
  const given = matrices.filter((matrix) => matrix !== null);
  if (given.length === 0) return null;
  return given[0].map((row, i) => row.map((_, j) => given.reduce((sum, matrix) => sum + matrix[i][j], 0)));
}

function weightPicture(experiment: Experiment, plan: Plan, outcome: RunOutcome): WeightPicture | null {
  const { task } = experiment;
  const projection = plan.projections.find(({ name }) => name === task.plastic);
  const rule = plan.network.projections.find(({ name }) => name === task.plastic)?.rule;
  if (projection === undefined || rule === undefined || task.kind === 'stdp-window') return null;
  const [low, high] = rule.bounds;
  const edges = Array.from({ length: HISTOGRAM_BINS + 1 }, (_, n) => low + ((high - low) * n) / HISTOGRAM_BINS);
  const levels = projection.lowered.weightLevels;
  return {
    projection: projection.name,
    histogram: {
      edges,
      before: histogramOf(outcome.weightsBefore, low, high),
      after: histogramOf(outcome.weightsAfter, low, high),
    },
    levels: levels === undefined ? null : thin(levels.filter((level) => level >= low && level <= high)),
    mosaic: classifies(task) ? receptiveFields(task, plan, outcome.weightsAfter) : null,
  };
}

function thin(levels: Float64Array): number[] {
  const step = Math.ceil(levels.length / MOST_LEVELS);
  return Array.from(levels).filter((_, n) => n % step === 0);
}

/** Incoming weights of the first neuron of each pool, or of the first neurons of a hidden layer, as images. */
function receptiveFields(task: ClassificationTask, plan: Plan, weights: Float64Array): WeightPicture['mosaic'] {
  const projection = plan.projections.find(({ name }) => name === task.plastic);
  if (projection === undefined) return null;
  const { table } = projection;
  const side = Math.sqrt(table.nPre);
  // what the last stage of a convolution sees are features, not pixels
  if (!Number.isInteger(side) || task.kind === 'convolutional-reward') return null;
  const isPooled = task.kind === 'reward-classification';
  const poolSize = isPooled ? table.nPost / task.classes : 1;
  const fields = Array.from({ length: Math.min(task.classes, table.nPost / poolSize) }, () => new Array<number>(table.nPre).fill(0));
  const sources = sourcesOf(table);
  for (let k = 0; k < table.nSynapses; k++) {
    const field = fields[table.target[k] / poolSize];
    if (field !== undefined) field[sources[k]] = weights[k];
  }
  return { rows: side, columns: side, labels: fields.map((_, n) => (isPooled ? String(n) : `neuron ${n}`)), fields };
}

function windowCurve(experiment: Experiment, plan: Plan, outcomes: readonly RunOutcome[]): WindowCurve | null {
  const { task } = experiment;
  const first = outcomes[0].window;
  if (task.kind !== 'stdp-window' || first === null) return null;
  const { dt } = plan.network;
  const projection = plan.network.projections.find(({ name }) => name === task.plastic);
  const deltaT = task.deltaTicks.map((ticks) => ticks * dt);
  const average = (pick: (outcome: RunOutcome) => readonly number[] | undefined): number[] =>
    deltaT.map((_, n) => outcomes.reduce((sum, outcome) => sum + (pick(outcome)?.[n] ?? 0), 0) / outcomes.length);
  const weight = projection?.weight.kind === 'constant' ? projection.weight.value : 0;
  return {
    deltaT,
    deltaW: average((outcome) => outcome.window?.mean),
    sd: average((outcome) => outcome.window?.sd),
    n: task.repeats * outcomes.length,
    ...(projection?.rule === undefined ? {} : { expected: expectedWindow(checkRuleOrThrow(projection.rule), dt, weight, deltaT) }),
  };
}

function whySynapses(outcomes: readonly RunOutcome[], sets: number, seed: number): Pick<ChipResult, 'why'> {
  const why = outcomes.flatMap(({ why: synapses }, n) =>
    synapses === undefined ? [] : [{ seed: seed + Math.floor(n / sets), deviceSet: n % sets, synapses }],
  );
  return why.length === 0 ? {} : { why };
}
