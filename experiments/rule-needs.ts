/**
 * What a rule needs, and what each chip makes of it: from its checked program, from the chip's design rules and lowering of a small network, and from a
 * short run of that network. No table: a new rule or chip needs nothing here.
 */
import type { ChipBackend, LoweredProjection, Violation } from '../core/chip-contract.ts';
import type { Joules } from '../core/energy/estimate.ts';
import { estimate } from '../core/energy/estimate.ts';
import type { Network } from '../core/network/network.ts';
import { buildPlan, checkDeployment } from '../core/plan/build-plan.ts';
import type { PlasticityRule } from '../core/plasticity/rule.ts';
import { analyse, analyseExpr } from '../core/program/analyse.ts';
import { streamOf, uniformAt } from '../core/random.ts';
import { Simulation } from '../workers/simulation.ts';
import { chipTable } from './chips.ts';
import type { MomentUse } from './rule-uses.ts';
import { usesOf } from './rule-uses.ts';
import type { Train } from './verify/forced-spikes.ts';
import { forcedNetwork, PLASTIC, POST as POST_NAME } from './verify/forced-spikes.ts';

export interface RuleNeeds {
  readonly moments: readonly MomentUse[];
  readonly preTraces: readonly string[];
  readonly postTraces: readonly string[];
  /** State of the post neuron, as `v_post`. */
  readonly postState: readonly string[];
  /** Modulators with a value per post neuron, and with one for all synapses. */
  readonly thirdFactors: readonly string[];
  readonly modulators: readonly string[];
  /** What a synapse has to keep. */
  readonly perSynapse: readonly string[];
  readonly chips: readonly ChipNeeds[];
}

export interface ChipNeeds {
  readonly chip: string;
  readonly accepts: boolean;
  /** Why the chip refuses the rule, and what else it says that it would not say of the same network without the rule. */
  readonly findings: readonly Pick<Violation, 'severity' | 'code' | 'message' | 'hint'>[];
  /** What a synapse keeps on the chip, by the chip's own names; absent where it is refused. */
  readonly perSynapse?: readonly string[];
  /** Replacements in the nearest rule that fits, where the chip looks for one: what becomes what, and how far a change is off. */
  readonly nearest?: { readonly changes: readonly string[]; readonly maxDifference: number } | null;
  /** Joules of learning per synaptic update in a short run at `RATE` on both sides; absent where the chip refuses the rule or has no figures. */
  readonly energyPerUpdate?: Joules;
}

/** Mean rate of the short run, Hz. */
export const RATE = 50;
const [PRE, POST, TICKS, REWARDS] = [8, 4, 200, 4];
const STREAM = streamOf('rule-needs');

export function needsOf(rule: PlasticityRule): RuleNeeds {
  const network = exampleNetwork(rule);
  const moments = usesOf(rule, network.populations.find(({ name }) => name === POST_NAME)?.model);
  const read = new Map(moments.flatMap(({ reads }) => reads.map(({ name, scope }) => [name, scope] as const)));
  const readNames = [...read.keys()];
  const traces = (side: 'pre' | 'post') => readNames.filter((name) => rule.traces[name]?.on === side);
  const factors = (per: 'projection' | 'post') => readNames.filter((name) => rule.modulators[name]?.per === per);
  return {
    moments,
    preTraces: traces('pre'),
    postTraces: traces('post'),
    postState: readNames.filter((name) => read.get(name) === 'post' && !(name in rule.traces) && !(name in rule.modulators)),
    thirdFactors: factors('post'),
    modulators: factors('projection'),
    perSynapse: ['w', ...Object.keys(rule.variables)],
    chips: Object.values(chipTable).map((entry) => onChip(rule, network, entry.make())),
  };
}

function exampleNetwork(rule: PlasticityRule): Network {
  const trains = (n: number, side: number): Train[] =>
    Array.from({ length: n }, (_, neuron) =>
      Array.from({ length: TICKS - 2 }, (_, k) => k + 2).filter((tick) => uniformAt(1, STREAM, neuron, tick, side) < RATE / 1000),
    );
  return forcedNetwork(rule, trains(PRE, 0), trains(POST, 1), {
    connect: 'all-to-all',
    weight: (rule.bounds[0] + rule.bounds[1]) / 2,
    neurons: { model: 'lif', tauMem: '20 ms', vThreshold: 1 },
  });
}

function onChip(rule: PlasticityRule, network: Network, chip: ChipBackend): ChipNeeds {
  // the teacher is there for the run alone
  const alone = { ...network, projections: network.projections.filter(({ name }) => name === PLASTIC) };
  const { findings, subject } = checkDeployment(alone, chip);
  const projections = alone.projections.map(({ rule: _without, ...projection }) => projection);
  const anyway = new Set(checkDeployment({ ...alone, projections }, chip).findings.map(({ message }) => message));
  const own = findings.filter(({ severity, message }) => severity === 'error' || !anyway.has(message));
  const accepts = findings.every(({ severity }) => severity !== 'error');
  const nearest = chip.nearestRules?.(subject);
  return {
    chip: chip.profile.name,
    accepts,
    findings: own.map(({ severity, code, message, hint }) => ({ severity, code, message, ...(hint === undefined ? {} : { hint }) })),
    ...(nearest === undefined ? {} : { nearest: nearestOf(nearest.get(PLASTIC)) }),
    ...(accepts ? whatItTakes(rule, network, chip) : {}),
  };
}

type Nearest = NonNullable<ReturnType<NonNullable<ChipBackend['nearestRules']>>> extends ReadonlyMap<string, infer N> ? N : never;

function nearestOf(nearest: Nearest | undefined): ChipNeeds['nearest'] {
  if (nearest === undefined) return null;
  const { changes, maxDifference } = nearest;
  return { changes: changes.map(({ from, to }) => `${from}  ->  ${to}`), maxDifference };
}

function whatItTakes(rule: PlasticityRule, network: Network, chip: ChipBackend): Pick<ChipNeeds, 'perSynapse' | 'energyPerUpdate'> {
  const plan = buildPlan(network, chip);
  const plastic = plan.projections.find(({ name }) => name === PLASTIC);
  const simulation = new Simulation(plan);
  for (let n = 0; n < REWARDS; n++) {
    simulation.run(TICKS / REWARDS);
    const factors = Object.entries(rule.modulators).map(([name, { per, range }], m): [string, number | Float64Array] => {
      const factor = (neuron: number): number => range * (2 * uniformAt(1, STREAM, neuron, n, 2 + m) - 1);
      return [name, per === 'projection' ? factor(0) : Float64Array.from({ length: POST }, (_, j) => factor(j))];
    });
    if (factors.length > 0) simulation.modulate(PLASTIC, Object.fromEntries(factors));
  }
  const { perUpdate } = estimate(simulation.eventCounts(), plan.chip.energy, {
    seconds: TICKS * network.dt,
    updates: simulation.learningCounts().synapticUpdates,
  });
  return {
    perSynapse: plastic === undefined ? [] : statePerSynapse(plastic.lowered),
    ...(perUpdate === null ? {} : { energyPerUpdate: { value: perUpdate.value, lo: perUpdate.lo, hi: perUpdate.hi } }),
  };
}

/** Variables of a synapse that change, and that another variable, a port or the weight is reckoned from. */
function statePerSynapse({ variables, deliver, moments, epoch, weight }: LoweredProjection): string[] {
  const programs = [deliver, ...Object.values(moments), ...(epoch === undefined ? [] : [epoch.program])];
  const written = new Set(programs.flatMap((program) => analyse(program).writes.map(({ name }) => name)));
  const used = new Set(analyseExpr(weight).reads.map(({ name }) => name));
  for (const { name: target, scope, value } of programs.flatMap(({ statements }) => statements)) {
    if (scope === 'counter') continue;
    for (const { name } of analyseExpr(value).reads) if (name !== target) used.add(name);
  }
  return variables.map(({ name }) => name).filter((name) => written.has(name) && used.has(name));
}
