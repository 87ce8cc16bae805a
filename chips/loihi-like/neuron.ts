/**
 * Lowers `lif`, `cubalif`, `ternary-lif` and `adaptive-lif` to the integer neuron of neuron-text.ts. Time constants become 12-bit decays, thresholds 17-bit mantissas, both
 * ports of `lif` one current that lasts a single tick, and the two currents of `cubalif` one when their time constants are equal, else two (a
 * neuron of two compartments). What Loihi 1 has no field for (soft reset, floor, competition, escape noise, adaptation, two thresholds) is written as Loihi 2 microcode
 * could run it; the design rules say so.
 */
import type { LoweredPopulation, LoweredVariable, PopulationSubject, Storage } from '../../core/chip-contract.ts';
import { parameterValues, perNeuronValues } from '../../core/lowering/population.ts';
import type { Population } from '../../core/network/network.ts';
import { isGraded } from '../../core/network/network.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../../core/program/check-types.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import type { SymbolInfo } from '../../core/program/symbols.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import type { CurrentText, IntegerNeuron, Term } from './neuron-text.ts';
import { advanceText, literal, noiseShift, noiseText } from './neuron-text.ts';
import { LOIHI } from './profile.ts';
import type { MembraneScale } from './scales.ts';
import { membraneScale } from './scales.ts';
import type { LoihiSettings } from './switches.ts';

export type Value = number | Float64Array;

/** Parameter values by name, with what the host may change kept per neuron. */
interface Parameters {
  value(name: string): Value;
  has(name: string): boolean;
}

const ONE = LOIHI.decayOne.value;
const UNIT = LOIHI.weightUnit.value;
/** Steps of a firing probability: the width of the uniform number it is compared with. */
const PROBABILITY = 2 ** 16;

export function lowerIntegerPopulation(subject: PopulationSubject, settings: LoihiSettings): LoweredPopulation {
  const { network, population } = subject;
  const { model, competition } = population;
  const scale = membraneScale(population, subject.incoming, network, settings);
  const parameters = readParameters(population, network.dt);
  const variables: LoweredVariable[] = [];
  /** A number where all neurons agree, else an array of whole numbers by that name. */
  const place = (name: string, value: Value, storage: Storage, ofNetwork: number): Term => {
    if (typeof value === 'number') return literal(value);
    variables.push({ name, storage, initial: value, scale: ofNetwork });
    return name;
  };
  const toMembrane = (value: Value): Value => map(value, (x) => Math.round(x * scale.membrane));
  const rest = restOf(parameters, scale);
  const mantissa = place(
    'vThreshold',
    map(parameters.value('vThreshold'), (x) => Math.round(x * scale.mantissa)),
    'i32',
    scale.mantissa,
  );
  const shift = parameters.has('thresholdShift')
    ? place(
        'thresholdShift',
        map(parameters.value('thresholdShift'), (x) => Math.round(x * scale.mantissa)),
        'i32',
        scale.mantissa,
      )
    : undefined;
  /** Where the neuron fires, and what a soft reset takes off. */
  const still = shift === undefined ? `${mantissa} * ${UNIT}` : `(${mantissa} + ${shift}) * ${UNIT}`;
  const adapts = parameters.has('adaptationStep');
  const level = adapts ? `(${still} + adaptation)` : still;
  const floor = parameters.has('floor') ? place('floor', toMembrane(parameters.value('floor')), 'i32', scale.membrane) : undefined;
  const refractory = parameters.has('refractory') ? place('refractoryTicks', parameters.value('refractoryTicks'), 'u8', 1) : undefined;
  const noise = parameters.has('noise') ? noiseOf(parameters.value('noise'), scale) : undefined;
  const currents = currentsOf(population, parameters, scale, settings, place);
  const adaptation = adapts
    ? {
        decay: place('decayAdaptation', map(parameters.value('leakAdaptation'), decayV), 'u16', 1),
        step: place('adaptationStep', toMembrane(parameters.value('adaptationStep')), 'i32', scale.membrane),
      }
    : undefined;
  const low = parameters.has('vThresholdLow')
    ? place(
        'vThresholdLow',
        map(parameters.value('vThresholdLow'), (x) => Math.round(x * scale.mantissa)),
        'i32',
        scale.mantissa,
      )
    : undefined;
  const neuron: IntegerNeuron = {
    currents,
    decayV: place('decayV', map(parameters.value('leak'), decayV), 'u16', 1),
    rest,
    ...(floor === undefined ? {} : { floor }),
    refractory: refractory !== undefined,
    ...(noise === undefined ? {} : { noise }),
  };
  const state = stateVariables(subject, parameters, scale);
  const symbols = symbolTable([
    ...state.map(({ name }): SymbolInfo => ({ name, scope: 'neuron', format: FLOAT64, writable: true })),
    ...[...variables.map(({ name }) => name), ...model.inputs].map(
      (name): SymbolInfo => ({ name, scope: 'neuron', format: FLOAT64, writable: false }),
    ),
  ]);
  const options = (part: string) => ({ title: `population ${population.name} (${model.name} in integers), ${part}` });
  const crosses =
    model.choices.spiking === 'escape'
      ? escapeText(parameters, level, scale)
      : low === undefined
        ? `v > ${level}`
        : `(v > ${level} or v < ${low} * ${UNIT})`;
  // a soft reset can leave the membrane above its threshold: the counter, not the membrane, keeps the neuron silent
  const fires = refractory === undefined ? crosses : `refractoryLeft == 0 and ${crosses}`;
  const afterSpike =
    model.choices.resetTo === 'subtraction'
      ? `v - (${mantissa} * ${UNIT}${adapts ? ' + adaptation' : ''})`
      : place('vReset', resetOf(parameters, rest, scale), 'i32', scale.membrane);
  // place() may have added vReset after the table of symbols was made
  const all = symbolTable([
    ...symbols.values(),
    ...variables.map(({ name }): SymbolInfo => ({ name, scope: 'neuron', format: FLOAT64, writable: false })),
  ]);
  const resetTicks = parameters.has('resetTicks') ? place('resetTicks', parameters.value('resetTicks'), 'i32', 1) : undefined;
  const cleared = currents.flatMap(({ variable }) => (variable === undefined ? [] : [variable]));
  const advance = [
    ...(resetTicks === undefined
      ? []
      : [
          'resetIn = resetIn - 1',
          `v = resetIn == 0 ? ${literal(rest)} : v`,
          ...cleared.map((name) => `${name} = resetIn == 0 ? 0 : ${name}`),
        ]),
    ...(adaptation === undefined ? [] : [`adaptation = trunc(adaptation * (${ONE} - ${adaptation.decay}) / ${ONE})`]),
    advanceText(neuron, settings.currentOverflow),
    ...(resetTicks === undefined ? [] : [`resetIn = resetIn == 0 ? ${resetTicks} : resetIn`]),
  ].join('\n');
  const reset = [
    `v = ${afterSpike}`,
    ...(adaptation === undefined ? [] : [`adaptation = min(adaptation + ${adaptation.step}, ${LOIHI.stateLimit.value})`]),
    ...(refractory === undefined ? [] : [`refractoryLeft = ${refractory} + 1`]),
  ].join('\n');
  const lose = competition === undefined ? '' : `v = v - ${literal(Math.round(competition.inhibition * scale.membrane))}`;
  return {
    variables: [...state, ...variables],
    ports: portsOf(subject, settings),
    advance: compileOrThrow(advance, all, options('advance')),
    threshold: compileExpressionOrThrow(fires, all, options('threshold')),
    reset: compileOrThrow(reset, all, options('reset')),
    ...(low === undefined ? {} : { payload: compileExpressionOrThrow(`v > ${level} ? 1 : -1`, all, options('payload')) }),
    ...(competition === undefined
      ? {}
      : {
          competition: {
            score: compileExpressionOrThrow(`v - ${level}`, all, options('score')),
            lose: compileOrThrow(floor === undefined ? lose : `${lose}\nv = max(v, ${floor})`, all, options('lose')),
          },
        }),
  };
}

/** Input accumulators. A weight times a payload of 24 bits needs more than 32; without payloads whole weights do. */
export function portsOf({ network, population, incoming }: PopulationSubject, { weightNumbers }: LoihiSettings): LoweredVariable[] {
  const graded = incoming.some(({ projection }) => network.populations.some((pre) => pre.name === projection.pre && isGraded(pre)));
  return population.model.inputs.map(
    (name): LoweredVariable => ({ name, storage: graded || weightNumbers === 'real' ? 'f64' : 'i32', initial: 0, scale: 1 }),
  );
}

/** What arrives at some ports in this tick, in membrane units. */
export function inputText(ports: readonly string[], scale: MembraneScale, settings: LoihiSettings): string {
  const sum = ports.length === 1 ? ports[0] : `(${ports.join(' + ')})`;
  // the membrane is in whole numbers even where weights are not
  if (settings.weightNumbers === 'real') return `round(${sum} * ${settings.weightExponent === 'of-sum' ? UNIT * 2 ** scale.exponent : 1})`;
  if (settings.weightExponent !== 'of-sum') return sum;
  return scale.exponent < 0 ? `shr(${sum}, ${-scale.exponent}) * ${UNIT}` : `${sum} * ${UNIT}`;
}

/** Decay field of a membrane that keeps the fraction `leak` per tick. */
export const decayV = (leak: number): number => Math.min(ONE - 1, Math.max(0, Math.round(ONE * (1 - leak))));

/** The same for a current, which decays by one step more than its field says. */
export const decayU = (leak: number): number => Math.min(ONE - 1, Math.max(0, Math.round(ONE * (1 - leak)) - 1));

/** True if both currents of a `cubalif` decay alike and can be one. */
export function sharesCurrent(population: Population): boolean {
  const { tauExc, tauInh } = population.parameters;
  return typeof tauExc === 'number' && tauExc === tauInh;
}

/** Compartments that one neuron takes. */
export const compartmentsOf = (population: Population): number =>
  population.model.name === 'cubalif' && !sharesCurrent(population) ? 2 : 1;

function currentsOf(
  population: Population,
  parameters: Parameters,
  scale: MembraneScale,
  settings: LoihiSettings,
  place: (name: string, value: Value, storage: Storage, ofNetwork: number) => Term,
): CurrentText[] {
  const input = (ports: readonly string[]): string => inputText(ports, scale, settings);
  if (population.model.name !== 'cubalif') return [{ decay: literal(ONE - 1), input: input(['delta', 'current']) }];
  const field = (leak: string): Term => place(`decay${leak.slice(4)}`, map(parameters.value(leak), decayU), 'u16', 1);
  if (sharesCurrent(population)) return [{ variable: 'currentExc', decay: field('leakExc'), input: input(['excitatory', 'inhibitory']) }];
  return [
    { variable: 'currentExc', decay: field('leakExc'), input: input(['excitatory']) },
    { variable: 'currentInh', decay: field('leakInh'), input: input(['inhibitory']) },
  ];
}

function stateVariables({ network, population }: PopulationSubject, parameters: Parameters, scale: MembraneScale): LoweredVariable[] {
  const { constants, perNeuron } = parameterValues(population, network.dt);
  const startsAtRest = typeof parameters.value('vRest') === 'number' && parameters.value('vInitial') === parameters.value('vRest');
  return Object.entries(population.model.state).map(([name, spec]): LoweredVariable => {
    const initial = perNeuronValues(spec.initial, population, constants, perNeuron);
    const ofNetwork = spec.dimension === 'ticks' ? 1 : name.startsWith('current') ? currentScale(name, parameters, scale) : scale.membrane;
    const rounded = name === 'v' && startsAtRest ? restOf(parameters, scale) : map(initial, (x) => Math.round(x * ofNetwork));
    return { name, storage: 'i32', initial: rounded, scale: ofNetwork };
  });
}

/** The model shows its current after its decay, the chip before: hence the division by the leak. */
function currentScale(name: string, parameters: Parameters, scale: MembraneScale): number {
  const side = name === 'currentInh' ? 'Inh' : 'Exc';
  const [gain, leak] = [parameters.value(`gain${side}`), parameters.value(`leak${side}`)];
  const [g, l] = [typeof gain === 'number' ? gain : gain[0], typeof leak === 'number' ? leak : leak[0]];
  return (g * scale.membrane) / (l > 0 ? l : 1);
}

/** The chip's zero, in network coordinates; a multiple of 64, so that thresholds keep their mantissas. */
function restOf(parameters: Parameters, scale: MembraneScale): number {
  const rest = parameters.value('vRest');
  return UNIT * Math.round((typeof rest === 'number' ? rest : rest[0]) * scale.mantissa);
}

function resetOf(parameters: Parameters, rest: number, scale: MembraneScale): Value {
  const reset = parameters.value('vReset');
  const same = typeof reset === 'number' && reset === parameters.value('vRest');
  return same ? rest : map(reset, (x) => Math.round(x * scale.membrane));
}

function noiseOf(sd: Value, scale: MembraneScale): string | undefined {
  const largest = typeof sd === 'number' ? sd : Math.max(...sd);
  return largest > 0 ? noiseText(noiseShift(largest * scale.membrane).shift) : undefined;
}

/** Spike probability per tick, in steps of 2^-16 as a table in microcode would hold it. */
function escapeText(parameters: Parameters, level: Term, scale: MembraneScale): string {
  const number = (name: string): number => {
    const value = parameters.value(name);
    return typeof value === 'number' ? value : value[0];
  };
  const slope = 1 / (number('escapeWidth') * scale.membrane);
  const perTick = number('escapeRate') * number('dt');
  const probability = `min(${literal(number('escapeMax'))}, ${literal(perTick)} * exp((v - ${level}) * ${literal(slope)}))`;
  return `floor(uniform() * ${PROBABILITY}) < floor(${probability} * ${PROBABILITY})`;
}

function readParameters(population: Population, dt: number): Parameters {
  const { constants, perNeuron } = parameterValues(population, dt);
  return {
    value: (name) => perNeuron.get(name) ?? constants.get(name) ?? Number.NaN,
    has: (name) => perNeuron.has(name) || constants.has(name),
  };
}

/** A number, or each of an array, changed; no -0. */
export function map(value: Value, change: (x: number) => number): Value {
  return typeof value === 'number' ? change(value) + 0 : value.map((x) => change(x) + 0);
}
