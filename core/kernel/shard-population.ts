/** One population inside a shard: its arrays, its compiled loops, and the list of neurons that fired in this tick. */
import type { LoweredPopulation, LoweredVariable } from '../chip-contract.ts';
import { readAfterAdvance } from '../plan/absorb-ports.ts';
import type { PlannedPopulation } from '../plan/plan.ts';
import { compileLater } from '../program/compile-kernel.ts';
import { shiftDrawSites } from '../program/draw-sites.ts';
import type { Assign, Expr, Program } from '../program/ir.ts';
import type { Binding, Hold, Kernel, Loop, NumericArray } from '../program/kernel.ts';
import { streamOf } from '../random.ts';
import type { ArenaField } from '../typed-arrays-utils.ts';
import type { Held, HeldPrograms } from './hold.ts';
import { placesFor, UNKNOWN } from './hold.ts';
import type { Played } from './played-source.ts';
import { attachPlayed, playedFields } from './played-source.ts';
import { LEFT, PER_LOG, perLogOf, poissonPrograms } from './poisson-source.ts';
import type { Rest } from './rest.ts';
import { canRest } from './rest.ts';
import type { ShardMemory } from './shard-memory.ts';

export interface ShardPopulation {
  readonly plan: PlannedPopulation;
  readonly size: number;
  /** State and parameters by name, [size] */
  readonly variables: ReadonlyMap<string, NumericArray>;
  readonly lowered: readonly LoweredVariable[];
  /** Where spikes are added, by port, [size]: an accumulator, or a state variable that takes them at once */
  readonly ports: ReadonlyMap<string, NumericArray>;
  /** The accumulators among them, which are zero at the start of each tick. */
  readonly accumulators: readonly NumericArray[];
  /** Advances all neurons and lists those that fire; absent for replayed and played sources. */
  readonly fire?: Kernel;
  readonly reset?: Kernel;
  /** Draws the next spike of every neuron of a Poisson source. */
  readonly drawAll?: Kernel;
  readonly isGraded: boolean;
  /** [size] what each neuron's last spike carried; present where spikes are graded */
  readonly payloads?: Float64Array;
  /** Computes them for the neurons that fired; absent for replayed spikes. */
  readonly payload?: Kernel;
  readonly competition?: { readonly score: Kernel; readonly scores: Float64Array; readonly lose: Kernel; readonly others: Int32Array };
  /** [size] neurons that fired in this tick, ascending; the first `firedCount[0]` count */
  readonly fired: Int32Array;
  /** [1] */
  readonly firedCount: Int32Array;
  /** [size] spikes since the counts were last cleared */
  readonly spikeCounts: Int32Array;
  /** Present where neurons that are held stand in a list. */
  readonly hold?: Held;
  /** Present where the population need not be advanced while it is at rest. */
  readonly rest?: Rest;
  /** The loop that advances the neurons also puts the ports back to zero. */
  readonly clearsPorts: boolean;
  /** What the host has handed over, for a played source. */
  readonly played?: Played;
  /** Next entry of a replayed source. */
  replayAt: number;
}

const SCORE = 'score';
const PAYLOAD = 'payload';

const field = (population: PlannedPopulation, name: string): string => `${population.name}.${name}`;

export function populationFields(population: PlannedPopulation, held: HeldPrograms | undefined): ArenaField[] {
  const { lowered, source, size } = population;
  const fields: ArenaField[] = [
    { name: field(population, '#fired'), type: 'i32', length: size },
    { name: field(population, '#firedCount'), type: 'i32', length: 1 },
    { name: field(population, '#spikes'), type: 'i32', length: size },
    { name: field(population, '#idle'), type: 'i32', length: 1 },
  ];
  if (source?.kind === 'poisson') {
    for (const name of [LEFT, PER_LOG]) fields.push({ name: field(population, name), type: 'f64', length: size });
  }
  fields.push(...playedFields(population, (name) => field(population, name)));
  if (carriesPayloads(population)) fields.push({ name: field(population, `#${PAYLOAD}`), type: 'f64', length: size });
  const accumulators = (lowered?.ports ?? []).filter(({ into }) => into === undefined);
  for (const { name, storage } of lowered?.variables ?? []) fields.push({ name: field(population, name), type: storage, length: size });
  for (const { name, storage } of accumulators) fields.push({ name: field(population, name), type: storage, length: size });
  if (lowered?.competition !== undefined) {
    fields.push(
      { name: field(population, `#${SCORE}`), type: 'f64', length: size },
      { name: field(population, '#others'), type: 'i32', length: size },
    );
  }
  return [...fields, ...holdFields(population, held)];
}

/** What spikes reach a population through. */
export interface UsedInputs {
  /** Ports that some projection delivers to. */
  readonly ports: ReadonlySet<string>;
  /** Counts of arrivals that its advance reads, by their names in memory. */
  readonly arrivals: readonly string[];
}

export function attachPopulation(
  population: PlannedPopulation,
  dt: number,
  seed: number,
  memory: ShardMemory,
  used: UsedInputs,
  held?: HeldPrograms,
): ShardPopulation {
  const { lowered, source, size } = population;
  const of = (name: string): NumericArray => memory.view(field(population, name));
  const base = {
    plan: population,
    size,
    fired: of('#fired') as Int32Array,
    firedCount: of('#firedCount') as Int32Array,
    spikeCounts: of('#spikes') as Int32Array,
    replayAt: 0,
    clearsPorts: true,
    accumulators: [],
    lowered: lowered?.variables ?? [],
    isGraded: carriesPayloads(population),
    ...(carriesPayloads(population) ? { payloads: of(`#${PAYLOAD}`) as Float64Array } : {}),
  };
  // nothing is ever delivered to these
  const silentPorts = (lowered?.ports ?? []).flatMap(({ name }) => (used.ports.has(name) ? [] : [name]));
  const kernel = (part: string, program: Program, loop: Loop, arrays: readonly [string, NumericArray][], stream = part): Kernel =>
    memory.compile({
      name: identifier(`${population.name}_${part}`),
      program,
      loop,
      bindings: new Map<string, Binding>([
        ...silentPorts.map((name): [string, Binding] => [name, { kind: 'constant', value: 0 }]),
        ...arrays.map(([name, array]): [string, Binding] => [name, { kind: 'array', array }]),
      ]),
      random: { seed, stream: streamOf(`${population.name}/${stream}`), itemBase: population.first ?? 0 },
    });

  if (lowered === undefined) {
    const played = attachPlayed(population, of);
    if (source?.kind !== 'poisson') return { ...base, ...(played === undefined ? {} : { played }), variables: new Map(), ports: new Map() };
    const perLog = source.rates.map((rate) => perLogOf(rate, dt));
    memory.fill(field(population, PER_LOG), perLog);
    const arrays = [LEFT, PER_LOG].map((name): [string, NumericArray] => [name, of(name)]);
    const { wait, when, draw } = poissonPrograms(population.name);
    const waiting = {
      ...base,
      variables: new Map(arrays),
      ports: new Map<string, NumericArray>(),
      fire: kernel('fire', wait, { kind: 'fire', when }, arrays),
      // a source draws the same number in one tick, whoever asks
      reset: kernel('wait', draw, { kind: 'list', distinct: true }, arrays),
      drawAll: kernel('wait', draw, { kind: 'each' }, arrays),
    };
    if (memory.isNew) waiting.drawAll.run(0, size, 0);
    return waiting;
  }

  const variables = lowered.variables.map(({ name, initial }): [string, NumericArray] => [
    name,
    memory.fill(field(population, name), initial),
  ]);
  const inUse = lowered.ports.filter(({ name }) => used.ports.has(name));
  const ports = inUse.filter(({ into }) => into === undefined).map(({ name }): [string, NumericArray] => [name, of(name)]);
  const all = [...variables, ...ports];
  const arrivals = used.arrivals.map((name): [string, NumericArray] => [name, memory.view(name)]);
  const { competition } = lowered;
  const later = readAfterAdvance(lowered);
  // what is still looked at then cannot be cleared in the advance
  const clears = !ports.some(([port]) => later.has(port));
  /** Both ways to advance draw the same numbers. */
  const advance = (
    title: string,
    { advance: program, threshold: when }: Pick<LoweredPopulation, 'advance' | 'threshold'>,
    hold?: Hold,
  ): Kernel =>
    kernel(
      title,
      clears ? withClearedPorts(program, ports) : program,
      when === undefined ? { kind: 'each' } : { kind: 'fire', when: shiftDrawSites(when, program.draws), ...(hold && { hold }) },
      [...all, ...arrivals],
      'advance',
    );
  const plain = (): Kernel => advance('advance', lowered);
  const hold = held && attachHold(population, held, of, memory);
  return {
    ...base,
    variables: new Map(variables),
    ports: new Map(inUse.map(({ name, into }) => [name, of(into ?? name)])),
    accumulators: ports.map(([, array]) => array),
    clearsPorts: clears,
    ...(hold && { hold: { ...hold, fire: advance('advanceFree', held, hold) } }),
    ...(canRest(lowered) ? { rest: { idle: of('#idle') as Int32Array, state: all.map(([, array]) => array) } } : {}),
    // hardly a run ever asks for it where there is a list
    fire: hold === undefined ? plain() : compileLater(identifier(`${population.name}_advance`), plain),
    reset: kernel('reset', lowered.reset, { kind: 'list' }, all),
    ...(lowered.payload === undefined
      ? {}
      : { payload: kernel('payload', assignment(PAYLOAD, lowered.payload), { kind: 'list' }, [...all, [PAYLOAD, of(`#${PAYLOAD}`)]]) }),
    ...(competition === undefined
      ? {}
      : {
          competition: {
            scores: of(`#${SCORE}`) as Float64Array,
            score: kernel('score', assignment(SCORE, competition.score), { kind: 'list' }, [...all, [SCORE, of(`#${SCORE}`)]]),
            lose: kernel('lose', competition.lose, { kind: 'list' }, all),
            others: of('#others') as Int32Array,
          },
        }),
  };
}

function holdFields(population: PlannedPopulation, held: HeldPrograms | undefined): ArenaField[] {
  const { lowered, size } = population;
  const storage = lowered?.variables.find(({ name }) => name === held?.held)?.storage;
  if (storage === undefined) return [];
  const places = placesFor(size);
  return [
    { name: field(population, '#heldBounds'), type: 'i32', length: 2 },
    { name: field(population, '#heldList'), type: 'i32', length: places },
    { name: field(population, '#heldUntil'), type: 'f64', length: places },
    { name: field(population, '#heldSaved'), type: storage, length: places },
  ];
}

/** The list of held neurons: empty where a run begins with none, or not known yet. */
function attachHold(
  population: PlannedPopulation,
  { left, held }: HeldPrograms,
  of: (name: string) => NumericArray,
  memory: ShardMemory,
): Omit<Held, 'fire'> {
  const startsFree = population.lowered?.variables.find(({ name }) => name === left)?.initial === 0;
  return {
    left: of(left),
    held: of(held),
    bounds: memory.fill(field(population, '#heldBounds'), startsFree ? 0 : UNKNOWN) as Int32Array,
    list: of('#heldList') as Int32Array,
    until: of('#heldUntil') as Float64Array,
    saved: of('#heldSaved'),
  };
}

/** The advance with its ports put back to zero at the end, in one go over the neurons. */
function withClearedPorts(advance: Program, ports: readonly [string, NumericArray][]): Program {
  const span = { start: 0, end: 0 };
  const clear = ports.map(
    ([name, array]): Assign => ({
      name,
      scope: 'neuron',
      value: { kind: 'literal', value: 0, type: array instanceof Float32Array ? 'f32' : 'f64', span },
      span,
    }),
  );
  return { ...advance, statements: [...advance.statements, ...clear] };
}

/** Puts a lowered variable's initial value into its array. */
export function fillInitial(array: NumericArray, initial: number | Float64Array): NumericArray {
  if (typeof initial === 'number') array.fill(initial);
  else array.set(initial);
  return array;
}

/** A name that may stand in generated code. */
export const identifier = (name: string): string => name.replace(/\W/g, '_').replace(/^(?=\d)/, '_');

function assignment(name: string, value: Expr): Program {
  return { title: name, text: '', statements: [{ name, scope: 'neuron', value, span: value.span }], draws: 0 };
}

/** Whether spikes of the population carry a number. */
export const carriesPayloads = ({ lowered, source }: PlannedPopulation): boolean =>
  lowered?.payload !== undefined || (source?.kind === 'replay' && source.payloads !== undefined);
