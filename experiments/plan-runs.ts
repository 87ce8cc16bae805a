/**
 * From an experiment to runs that can be executed: one chip, one seed and one set of devices each. A run is known by a hash of everything that goes
 * into it, the built plan included, so the same computation has the same key wherever it is asked for: `run`, `compare` and `sweep` share this.
 */
import { ideal } from '../chips/ideal/ideal.ts';
import type { ChipBackend } from '../core/chip-contract.ts';
import type { Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import type { NamedSynapse } from '../core/kernel/named-synapses.ts';
import { checkSynapses } from '../core/kernel/named-synapses.ts';
import type { Network } from '../core/network/network.ts';
import { readNetwork } from '../core/network/read-network.ts';
import { buildPlan } from '../core/plan/build-plan.ts';
import type { Plan } from '../core/plan/plan.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import type { LoadedData } from './data/load-data.ts';
import type { Experiment, Task } from './experiment.ts';
import { pretrainingOf } from './experiment.ts';
import { teachAhead, withTaughtWeights } from './pretrain.ts';
import { contentHash } from './run-store.ts';
import { VERSION } from './version.ts';

/** What is to be learned, by which rule, from which images. */
export interface Work {
  readonly experiment: Experiment;
  readonly rule: PlasticityRule;
  /** Absent for tasks that make their own input. */
  readonly data?: LoadedData;
  /** Synapses that say at the end why they have their weight. */
  readonly why?: readonly NamedSynapse[];
  /** How many training samples are also shown to an ideal twin; absent for none. */
  readonly diagnosedSamples?: number;
}

/** One run that can be planned when its turn comes. */
export interface RunSetting extends Work {
  readonly chip: ChipBackend;
  readonly seed: number;
  /** Which set of devices is drawn, 0 for chips that have none. */
  readonly deviceSet: number;
}

/** A run with everything that a worker needs. */
export interface PlannedRun {
  readonly setting: RunSetting;
  readonly plan: Plan;
  /** The same network on the ideal chip, where weight changes are compared with its. */
  readonly diagnose?: { readonly reference: Plan; readonly samples: number };
  readonly key: string;
}

export function planOf({ experiment, rule, data, seed, deviceSet, chip }: RunSetting): Plan {
  return buildPlan(networkOf(experiment, rule, seed, data), deviceSet === 0 ? chip : (chip.withDeviceSet?.(deviceSet) ?? chip));
}

/**
 * Does what takes long in planning a run beforehand, so that others have their turn meanwhile.
 * @param stops asked now and then
 * @returns false if it was stopped
 */
export async function prepareRun(
  { experiment, rule, data, seed }: Omit<RunSetting, 'chip' | 'deviceSet'>,
  stops: () => boolean,
): Promise<boolean> {
  const pretrain = pretrainingOf(experiment.task);
  return pretrain === undefined || data === undefined || teachAhead(begunNetwork(experiment, rule, seed), pretrain, data, stops);
}

export function planRun(setting: RunSetting): PlannedRun {
  const { experiment, data, why, diagnosedSamples } = setting;
  const plan = planOf(setting);
  if (why !== undefined) checkSynapses(plan, why);
  // the profile only says what a chip is called and what its events cost; what it computes is in the rest
  const { chip, ...computation } = plan;
  const key = contentHash({
    version: VERSION,
    task: experiment.task,
    plan: computation,
    data: data && imagesOf(data),
    why,
    diagnosedSamples,
  });
  if (diagnosedSamples === undefined) return { setting, plan, key };
  const reference = planOf({ ...setting, chip: ideal(), deviceSet: 0 });
  return { setting, plan, diagnose: { reference, samples: diagnosedSamples }, key };
}

/** Plans a run whose key is known from elsewhere, and refuses one that would be another here. */
export function planKnownRun(setting: RunSetting, key: string | undefined): PlannedRun {
  const planned = planRun(setting);
  if (key === undefined || planned.key === key) return planned;
  throw new UserError({
    code: 'E-PLAN',
    message: `the run of ${setting.chip.profile.name} with seed ${setting.seed} is another one here than where it was planned`,
    hint: 'its images or a file it was planned from have changed; plan again',
  });
}

/** The images that are used, wherever they lie. */
const imagesOf = ({ inputs }: LoadedData): object => ({ train: inputs.train.sha256, test: inputs.test.sha256 });

/** Seed by seed, and for each seed all sets of devices. A chip without devices has nothing to draw again. */
export function settingsOf(
  work: Work,
  chip: ChipBackend,
  { seed, seeds, devices = 1 }: { readonly seed: number; readonly seeds: number; readonly devices?: number },
): RunSetting[] {
  const sets = deviceSets(chip, devices);
  return Array.from({ length: seeds * sets }, (_, n) => ({ ...work, chip, seed: seed + Math.floor(n / sets), deviceSet: n % sets }));
}

export const deviceSets = (chip: ChipBackend, devices = 1): number => (chip.withDeviceSet === undefined ? 1 : devices);

/**
 * The network of an experiment with the rule on its plastic projection.
 * @param data what a circuit is pretrained with; without it, as where only figures of a chip are wanted, it begins with its own weights
 */
export function networkOf(experiment: Experiment, rule: PlasticityRule, seed: number, data?: LoadedData): Network {
  const begun = begunNetwork(experiment, rule, seed);
  const pretrain = pretrainingOf(experiment.task);
  if (pretrain === undefined || data === undefined) return begun;
  return begunNetwork({ ...experiment, network: withTaughtWeights(experiment.network, begun, pretrain, data) }, rule, seed);
}

/** As the description says. */
function begunNetwork(experiment: Experiment, rule: PlasticityRule, seed: number): Network {
  const problems: Problem[] = [];
  const network = readNetwork({ ...experiment.network, seed }, 'network', problems);
  if (problems.length > 0) throw new UserError(problems);
  const projections = network.projections.map((projection) => {
    const applied = projection.rule ?? (projection.name === experiment.task.plastic ? rule : undefined);
    return applied === undefined ? projection : { ...projection, rule: fitted(applied, experiment.task, projection.name) };
  });
  return { ...network, projections };
}

/** The rule with the learning rate and the bounds that a task gives it on one projection. */
function fitted(rule: PlasticityRule, task: Task, projection: string): PlasticityRule {
  if (!('rates' in task)) return rule;
  const [rate, limit] = [task.rates[projection], task.limits?.[projection]];
  return {
    ...rule,
    ...(rate === undefined ? {} : { parameters: { ...rule.parameters, rate } }),
    ...(limit === undefined ? {} : { bounds: [-limit, limit] as const }),
  };
}
