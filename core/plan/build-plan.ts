/**
 * Network + chip → plan, as a list of named steps. Each step returns a new value; problems of a step are collected and thrown together.
 */
import type { ChipBackend, DesignSubject, LoweredPopulation, LoweredProjection, Violation } from '../chip-contract.ts';
import type { Problem } from '../errors.ts';
import { EXIT, InternalError, UserError } from '../errors.ts';
import type { SynapseWalk } from '../network/connectivity.ts';
import { drawDelays, drawValues, synapseCount, walkSynapses, wholeTicks } from '../network/connectivity.ts';
import type { Connectivity, Network, Population, Projection } from '../network/network.ts';
import { isGraded } from '../network/network.ts';
import type { CheckedRule } from '../plasticity/check-rule.ts';
import { checkRule } from '../plasticity/check-rule.ts';
import type { PlasticityRule } from '../plasticity/rule.ts';
import { streamOf } from '../random.ts';
import type { SynapseTable } from '../synapses/synapse-table.ts';
import { buildReverseIndex, buildSynapseTable, hasConsecutiveRows } from '../synapses/synapse-table.ts';
import { absorbPorts, seenByRules } from './absorb-ports.ts';
import { countedDelivery, portsWorkedOut } from './count-arrivals.ts';
import type { MemoryNeed } from './memory-need.ts';
import { machineMemory, memoryNeed, refuseTooLarge, refuseUncountable } from './memory-need.ts';
import type { Plan, PlannedPopulation, PlannedProjection } from './plan.ts';
import { readAheadOf } from './read-ahead.ts';
import { canReplayPost } from './replay-post.ts';

/** Everything of a projection that is drawn before a chip is asked. */
interface DrawnProjection {
  readonly projection: Projection;
  readonly table: SynapseTable;
  /** [nSynapses] in table order, network units */
  readonly weights: Float64Array;
}

/** @param memory bytes that the network may take: what the machine has */
export function buildPlan(network: Network, chip: ChipBackend, memory: number = machineMemory()): Plan {
  const rules = readableRules(network);
  refuseBeforeDrawing(network, rules, chip, memory);
  const drawn = network.projections.map((projection) => drawProjection(network, projection));
  const subject = { network, rules, tables: new Map(drawn.map(({ projection, table }) => [projection.name, table])) };
  const placement = chip.place(subject);
  const findings = checkDesign(chip, { ...subject, placement });
  const populations = network.populations.map((population) => planPopulation(network, population, drawn, chip));
  const projections = drawn.map((one) => planProjection(network, one, drawn, rules, chip));
  refuseErrors(chip, [
    ...findings,
    ...[...populations, ...projections].flatMap((part) => (part.kind === 'refused' ? part.violations : [])),
  ]);
  const projected = projections.map(acceptedValue);
  const populated = populations.map(acceptedValue).map((population, p) => takeSpikesAtOnce(population, seenByRules(p, projected)));
  const delivered = projected.map((projection) => chooseDelivery(projection, populated[projection.post]));
  return {
    network,
    chip: { name: chip.profile.name, title: chip.profile.title, caveats: chip.profile.caveats, energy: chip.profile.energy },
    placement,
    findings,
    populations: populated.map((population, p) =>
      workOutPorts(
        population,
        delivered.filter(({ post }) => post === p),
      ),
    ),
    projections: delivered,
  };
}

/** What a network takes on a chip, from its sizes: nothing is drawn. */
export function estimateMemory(network: Network, chip: ChipBackend): MemoryNeed {
  return memoryFromSample(network, readableRules(network), chip);
}

function refuseBeforeDrawing(network: Network, rules: ReadonlyMap<string, CheckedRule>, chip: ChipBackend, memory: number): void {
  // nearly every network fits whatever its chip keeps of it, and needs no sample
  const atMost = memoryNeed(network, () => undefined);
  refuseUncountable(atMost);
  if (atMost.bytes > memory) refuseTooLarge(memoryFromSample(network, rules, chip), memory);
}

/** Lowers the network with a few synapses in each projection, to see what the chip keeps of one. */
function memoryFromSample(network: Network, rules: ReadonlyMap<string, CheckedRule>, chip: ChipBackend): MemoryNeed {
  const sample: Network = {
    ...network,
    projections: network.projections.map((projection) => ({
      ...projection,
      connectivity: sampleOf(projection.connectivity, populationOf(network, projection.post).size),
      weight: projection.weight.kind === 'values' ? { kind: 'uniform', low: 0, high: 1 } : projection.weight,
      delay: projection.delay.kind === 'values' ? { kind: 'constant', value: 1 } : projection.delay,
    })),
  };
  const drawn = sample.projections.map((projection) => drawProjection(sample, projection));
  const lowered = drawn.map((one) => planProjection(sample, one, drawn, rules, chip));
  return memoryNeed(network, ({ name }) => {
    const step = lowered[network.projections.findIndex((projection) => projection.name === name)];
    if (step.kind === 'refused') return undefined;
    const { lowered: kept, reverse, replaysPost } = step.value;
    return { ...kept, runsOverColumns: reverse !== undefined, replaysPost: replaysPost === true };
  });
}

/** Two synapses, side by side where all of a row are, since that decides how columns are found; the first thousand of a list. */
function sampleOf(connectivity: Connectivity, nPost: number): Connectivity {
  if (connectivity.kind === 'explicit') {
    const { sources, targets } = connectivity;
    return { kind: 'explicit', sources: sources.slice(0, 1000), targets: targets.slice(0, 1000) };
  }
  if (connectivity.kind === 'one-to-one' || nPost < 3) return { kind: 'explicit', sources: Int32Array.of(0), targets: Int32Array.of(0) };
  const second = connectivity.kind === 'all-to-all' ? 1 : 2;
  return { kind: 'explicit', sources: Int32Array.of(0, 0), targets: Int32Array.of(0, second) };
}

/**
 * All design-rule findings of a network on a chip, with no run and no exception: the deploy check. A text in Loihi's notation that cannot be read is
 * a finding too, because a chip may know what was meant; its projection is looked at without its rule.
 */
export function checkDeployment(
  network: Network,
  chip: ChipBackend,
): { readonly findings: readonly Violation[]; readonly placement: Plan['placement']; readonly subject: DesignSubject } {
  const { rules, refused } = checkRules(network);
  const unreadable = refused.filter(({ rule }) => rule.sumOfProducts === undefined);
  if (unreadable.length > 0) throw new UserError(unreadable.flatMap(({ problems }) => problems));
  refuseBeforeDrawing(network, rules, chip, machineMemory());
  const drawn = network.projections.map((projection) => drawProjection(network, projection));
  const subject = { network, rules, tables: new Map(drawn.map(({ projection, table }) => [projection.name, table])) };
  const placement = chip.place(subject);
  const findings: Violation[] = [
    ...refused.flatMap(({ problems }) => problems.map((problem) => ({ ...problem, severity: 'error' as const, designRule: 'rule-text' }))),
    ...checkDesign(chip, { ...subject, placement }),
  ];
  for (const population of network.populations) {
    const part = planPopulation(network, population, drawn, chip);
    if (part.kind === 'refused') findings.push(...part.violations);
  }
  for (const one of drawn) {
    const part = planProjection(network, one, drawn, rules, chip);
    if (part.kind === 'refused') findings.push(...part.violations);
  }
  return { findings: withoutDuplicates(findings), placement, subject: { ...subject, placement } };
}

type Step<T> = { readonly kind: 'accepted'; readonly value: T } | { readonly kind: 'refused'; readonly violations: readonly Violation[] };

function acceptedValue<T>(step: Step<T>): T {
  if (step.kind === 'refused') throw new InternalError('a refused step reached the plan');
  return step.value;
}

const takeSpikesAtOnce = (population: PlannedPopulation, seen: ReadonlySet<string>): PlannedPopulation =>
  population.lowered === undefined ? population : { ...population, lowered: absorbPorts(population.lowered, seen) };

/** By counting where that is possible; elsewhere a spike goes through rows, which may be worth asking for beforehand. */
function chooseDelivery(projection: PlannedProjection, { lowered }: PlannedPopulation): PlannedProjection {
  const counted = countedDelivery(projection.lowered, projection.table, lowered);
  if (counted !== undefined) return { ...projection, counted };
  const readAhead = readAheadOf(projection);
  return readAhead === undefined ? projection : { ...projection, readAhead };
}

function workOutPorts(population: PlannedPopulation, onto: readonly PlannedProjection[]): PlannedPopulation {
  const workedOut = population.lowered && portsWorkedOut(population.lowered, onto);
  return workedOut === undefined || workedOut.length === 0 ? population : { ...population, workedOut };
}

interface CheckedRules {
  /** By projection. */
  readonly rules: ReadonlyMap<string, CheckedRule>;
  readonly refused: readonly { readonly rule: PlasticityRule; readonly problems: readonly Problem[] }[];
}

/** The rules of all projections; one error with everything that cannot be read. */
function readableRules(network: Network): ReadonlyMap<string, CheckedRule> {
  const { rules, refused } = checkRules(network);
  if (refused.length > 0) throw new UserError(refused.flatMap(({ problems }) => problems));
  return rules;
}

/** Parse, types, locality: the rules of all projections, problems of all of them together. */
function checkRules(network: Network): CheckedRules {
  const rules = new Map<string, CheckedRule>();
  const refused: { rule: PlasticityRule; problems: readonly Problem[] }[] = [];
  for (const projection of network.projections) {
    if (projection.rule === undefined) continue;
    const result = checkRule(projection.rule, populationOf(network, projection.post).model);
    if (result.checked !== undefined) rules.set(projection.name, result.checked);
    else refused.push({ rule: projection.rule, problems: result.problems });
  }
  return { rules, refused };
}

function drawProjection(network: Network, projection: Projection): DrawnProjection {
  const pre = populationOf(network, projection.pre);
  const post = populationOf(network, projection.post);
  const { seed } = network;
  const { name, weight, delay } = projection;
  const walk = walkSynapses(projection.connectivity, pre.size, post.size, pre === post, seed, name);
  const delays =
    delay.kind === 'constant'
      ? wholeTicks(delay.value)
      : drawDelays(delay, countSynapses(projection, pre, post, walk), seed, streamOf(`${name}/delay`), `the delay of ${name}`);
  const { n, exact } = synapseCount(projection.connectivity, pre.size, post.size, pre === post);
  const { table, order } = buildSynapseTable({
    nPre: pre.size,
    nPost: post.size,
    walk,
    delays,
    wantOrder: weight.kind !== 'constant',
    // by chance hardly ever more than six standard deviations above what is expected
    expected: exact ? n : n + Math.ceil(6 * Math.sqrt(n)),
  });
  let drawn: Float64Array | undefined;
  return {
    projection,
    table,
    // made when a chip asks: one constant weight needs no array
    get weights() {
      if (drawn === undefined) {
        const values = drawValues(weight, table.nSynapses, seed, streamOf(`${name}/weight`), `the weight of ${name}`);
        drawn = order === undefined ? values : inOrder(values, order);
      }
      return drawn;
    },
  };
}

/** values[order[k]], [n]; a loop: `from` with a function takes many times as long. */
function inOrder(values: Float64Array, order: Int32Array): Float64Array {
  const sorted = new Float64Array(order.length);
  for (let k = 0; k < order.length; k++) sorted[k] = values[order[k]];
  return sorted;
}

function countSynapses({ connectivity }: Projection, pre: Population, post: Population, walk: SynapseWalk): number {
  const { n, exact } = synapseCount(connectivity, pre.size, post.size, pre === post);
  if (exact) return n;
  let counted = 0;
  walk((_sources, _targets, more) => {
    counted += more;
  });
  return counted;
}

function checkDesign(chip: ChipBackend, subject: DesignSubject): readonly Violation[] {
  return chip.designRules.flatMap((rule) => rule.check(subject));
}

function planPopulation(
  network: Network,
  population: Population,
  drawn: readonly DrawnProjection[],
  chip: ChipBackend,
): Step<PlannedPopulation> {
  const { name, size, source } = population;
  if (source !== undefined) return { kind: 'accepted', value: { name, size, source } };
  const incoming = drawn.filter(({ projection }) => projection.post === name);
  const lowered = chip.lowerPopulation({ network, population, incoming });
  return isRefusal(lowered) ? { kind: 'refused', violations: lowered } : { kind: 'accepted', value: { name, size, lowered } };
}

function planProjection(
  network: Network,
  one: DrawnProjection,
  drawn: readonly DrawnProjection[],
  rules: ReadonlyMap<string, CheckedRule>,
  chip: ChipBackend,
): Step<PlannedProjection> {
  const { projection, table } = one;
  const siblings = drawn.filter((other) => other.projection.post === projection.post && other.projection !== projection);
  const lowered = chip.lowerProjection({
    network,
    projection,
    pre: populationOf(network, projection.pre),
    post: populationOf(network, projection.post),
    table,
    get weights() {
      return one.weights;
    },
    rule: rules.get(projection.name),
    siblings,
  });
  if (isRefusal(lowered)) return { kind: 'refused', violations: lowered };
  // from all to all the synapses of a target are easily found, and few of the rows may ever spike
  const graded = isGraded(populationOf(network, projection.pre));
  const replaysPost = canReplayPost(lowered) && !hasConsecutiveRows(table) && !graded;
  const runsOverColumns =
    (lowered.moments.onPost !== undefined && !replaysPost) ||
    lowered.epoch?.visits === 'spiking' ||
    lowered.modulators.some((modulator) => modulator.per === 'post');
  return {
    kind: 'accepted',
    value: {
      name: projection.name,
      pre: network.populations.findIndex((population) => population.name === projection.pre),
      post: network.populations.findIndex((population) => population.name === projection.post),
      port: projection.port,
      table,
      lowered,
      ...(replaysPost ? { replaysPost } : {}),
      ...(graded ? { isGraded: true } : {}),
      ...(runsOverColumns ? { reverse: buildReverseIndex(table) } : {}),
    },
  };
}

function isRefusal(lowered: LoweredPopulation | LoweredProjection | readonly Violation[]): lowered is readonly Violation[] {
  return Array.isArray(lowered);
}

function refuseErrors(chip: ChipBackend, findings: readonly Violation[]): void {
  const errors = withoutDuplicates(findings).filter((finding) => finding.severity === 'error');
  if (errors.length === 0) return;
  throw new UserError(
    errors.map((error) => ({ ...error, message: `${error.message} [${chip.profile.name}: ${error.designRule}]` })),
    EXIT.doesNotFit,
  );
}

function withoutDuplicates(findings: readonly Violation[]): Violation[] {
  const seen = new Set<string>();
  return findings.filter((finding) => {
    const key = `${finding.code}|${finding.message}|${finding.excerpt ?? ''}`;
    return seen.has(key) ? false : seen.add(key);
  });
}

function populationOf(network: Network, name: string): Population {
  const population = network.populations.find((candidate) => candidate.name === name);
  if (population === undefined) throw new InternalError(`no population ${name}`);
  return population;
}
