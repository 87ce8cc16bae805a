/**
 * Neurons that are no leaky integrators, as microcode of Loihi 2 could run them in whole numbers: resonate-and-fire as a rotation with two 12-bit
 * factors, sigma-delta with payloads in sixteenths of its threshold; rate-if stands in `rate-neuron.ts`. The widths are those of the leaky neuron (24-bit state, 12-bit factors); nobody has
 * published recordings of a chip to compare these with.
 */
import type { DiscretisedParameter, LoweredPopulation, LoweredVariable, PopulationSubject } from '../../core/chip-contract.ts';
import { parameterValues } from '../../core/lowering/population.ts';
import type { Population } from '../../core/network/network.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../../core/program/check-types.ts';
import { log } from '../../core/program/elementary.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import type { SymbolInfo } from '../../core/program/symbols.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import type { Value } from './neuron.ts';
import { inputText, map, portsOf } from './neuron.ts';
import { literal } from './neuron-text.ts';
import { LOIHI } from './profile.ts';
import { rateTexts, stepFactor } from './rate-neuron.ts';
import type { MembraneScale } from './scales.ts';
import { membraneScale, payloadScale, SIGMA_DELTA_STEPS } from './scales.ts';
import type { LoihiSettings } from './switches.ts';

const LIMIT = LOIHI.stateLimit.value;
const ONE = LOIHI.decayOne.value;

/** Models that are lowered here. */
export const MICROCODED: readonly string[] = ['resonate-and-fire', 'sigma-delta', 'rate-if'];

/** Programs over the whole-number parameters in `numbers`. */
interface IntegerTexts {
  readonly numbers: readonly LoweredVariable[];
  readonly state: readonly LoweredVariable[];
  readonly advance: string;
  readonly threshold: string;
  readonly reset: string;
  readonly payload?: string;
}

export function lowerMicrocode(subject: PopulationSubject, settings: LoihiSettings): LoweredPopulation {
  const { network, population } = subject;
  const scale = membraneScale(population, subject.incoming, network, settings);
  const texts = textsOf(subject, scale, settings);
  const { numbers, state, advance, threshold, reset, payload } = texts;
  // a number where all neurons agree
  const fixed = numbers.filter(({ initial }) => typeof initial === 'number');
  const perNeuron = numbers.filter(({ initial }) => typeof initial !== 'number');
  const symbols = symbolTable([
    ...state.map(({ name }): SymbolInfo => ({ name, scope: 'neuron', format: FLOAT64, writable: true })),
    ...[...perNeuron.map(({ name }) => name), ...population.model.inputs].map(
      (name): SymbolInfo => ({ name, scope: 'neuron', format: FLOAT64, writable: false }),
    ),
  ]);
  const filled = (text: string): string =>
    fixed.reduce((all, { name, initial }) => all.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), literal(initial as number)), text);
  const options = (part: string) => ({ title: `population ${population.name} (${population.model.name} in integers), ${part}` });
  return {
    variables: [...state, ...perNeuron],
    ports: portsOf(subject, settings),
    advance: compileOrThrow(filled(advance), symbols, options('advance')),
    threshold: compileExpressionOrThrow(filled(threshold), symbols, options('threshold')),
    reset: compileOrThrow(filled(reset), symbols, options('reset')),
    ...(payload === undefined ? {} : { payload: compileExpressionOrThrow(filled(payload), symbols, options('payload')) }),
  };
}

function textsOf(subject: PopulationSubject, scale: MembraneScale, settings: LoihiSettings): IntegerTexts {
  switch (subject.population.model.name) {
    case 'sigma-delta':
      return sigmaDeltaText(subject, scale, settings);
    case 'rate-if':
      return rateTexts(subject, readValues(subject), scale, settings);
    default:
      return resonateText(subject, scale, settings);
  }
}

function readValues({ network, population }: PopulationSubject): (name: string) => Value {
  const { constants, perNeuron } = parameterValues(population, network.dt);
  return (name) => perNeuron.get(name) ?? constants.get(name) ?? Number.NaN;
}

/** A factor of at most 1 as it stands in 12 bits. */
export const rotationFactor = (factor: number): number => Math.min(ONE, Math.max(-ONE, Math.round(ONE * factor))) + 0;

function resonateText(subject: PopulationSubject, scale: MembraneScale, settings: LoihiSettings): IntegerTexts {
  const value = readValues(subject);
  const factor = (name: string): LoweredVariable => ({ name, storage: 'i16', initial: map(value(name), rotationFactor), scale: ONE });
  const level = (name: string, unit: number): LoweredVariable => ({
    name,
    storage: 'i32',
    initial: map(value(name), (x) => Math.round(x * unit)),
    scale: unit,
  });
  const turned = (sum: string): string => `trunc((${sum}) / ${ONE})`;
  return {
    numbers: [factor('cosine'), factor('sine'), level('vThreshold', scale.mantissa), level('vReset', scale.membrane)],
    state: ['u', 'v'].map((name): LoweredVariable => ({ name, storage: 'i32', initial: 0, scale: scale.membrane })),
    advance: [
      `let turned = clip(${turned('u * cosine - v * sine')} + ${inputText(['delta'], scale, settings)}, ${literal(-LIMIT)}, ${LIMIT})`,
      `v = clip(${turned('u * sine + v * cosine')}, ${literal(-LIMIT)}, ${LIMIT})`,
      'u = turned',
    ].join('\n'),
    threshold: `v > vThreshold * ${LOIHI.weightUnit.value}`,
    reset: 'u = 0\nv = vReset',
  };
}

/** m / 2^shift with a mantissa of 12 bits. */
export function fixedPoint(factor: number): { readonly mantissa: number; readonly shift: number } {
  const shift = Math.floor(Math.log2(ONE / factor));
  return { mantissa: Math.round(factor * 2 ** shift), shift };
}

function sigmaDeltaText(subject: PopulationSubject, scale: MembraneScale, settings: LoihiSettings): IntegerTexts {
  const { population } = subject;
  const value = readValues(subject);
  const { mantissa, shift } = fixedPoint(payloadScale(population) / scale.membrane);
  const sum = population.model.choices.activation === 'relu' ? 'max(sigma + bias, 0)' : '(sigma + bias)';
  const activation = `trunc(${sum} * ${mantissa} / ${2 ** shift})`;
  return {
    numbers: [{ name: 'bias', storage: 'i32', initial: map(value('bias'), (x) => Math.round(x * scale.membrane)), scale: scale.membrane }],
    state: [
      { name: 'sigma', storage: 'i32', initial: 0, scale: scale.membrane },
      { name: 'sent', storage: 'i32', initial: 0, scale: payloadScale(population) },
    ],
    advance: `sigma = clip(sigma + ${inputText(['delta'], scale, settings)}, ${literal(-LIMIT)}, ${LIMIT})`,
    threshold: `abs(${activation} - sent) >= ${SIGMA_DELTA_STEPS}`,
    reset: `sent = ${activation}`,
    payload: `${activation} - sent`,
  };
}

type Row = Omit<DiscretisedParameter, 'where'>;

/** What the parameters become, the value farthest off standing for all. */
export function microcodeRows(population: Population, dt: number, scale: MembraneScale): Row[] {
  const { constants, perNeuron } = parameterValues(population, dt);
  const valuesOf = (name: string): number[] => Array.from(perNeuron.get(name) ?? [constants.get(name) ?? Number.NaN]);
  const row = (parameter: string, unit: Row['unit'], values: readonly { asked: number; integer: number; held: number }[]): Row => {
    const worst = values.reduce((a, b) => (Math.abs(b.held - b.asked) > Math.abs(a.held - a.asked) ? b : a));
    return { parameter, unit, count: values.length, ...worst, clipped: 0, vanished: 0 };
  };
  if (population.model.name === 'sigma-delta') {
    const { mantissa, shift } = fixedPoint(payloadScale(population) / scale.membrane);
    const held = (SIGMA_DELTA_STEPS * 2 ** shift) / mantissa / scale.membrane;
    return [row('vThreshold', 'membrane', [{ asked: valuesOf('vThreshold')[0], integer: SIGMA_DELTA_STEPS, held }])];
  }
  const at = (list: readonly number[], i: number): number => list[list.length === 1 ? 0 : i];
  if (population.model.name === 'rate-if') {
    const held = (integer: number): number =>
      population.model.choices.integrator === 'euler' ? (dt * ONE) / integer : -dt / log(1 - Math.min(integer, ONE - 1) / ONE);
    const gains = valuesOf('gain').map(stepFactor);
    const taus = valuesOf('tauMem').map((asked, i) => ({ asked, integer: at(gains, i), held: held(at(gains, i)) }));
    const levels = (name: string): { asked: number; integer: number; held: number }[] =>
      valuesOf(name).map((asked) => ({
        asked,
        integer: Math.round(asked * scale.membrane),
        held: Math.round(asked * scale.membrane) / scale.membrane,
      }));
    return [row('vThreshold', 'membrane', levels('vThreshold')), row('bias', 'membrane', levels('bias')), row('tauMem', 's', taus)];
  }
  const sines = valuesOf('sine').map(rotationFactor);
  const cosines = valuesOf('cosine').map(rotationFactor);
  const turns = Array.from({ length: Math.max(sines.length, cosines.length) }, (_, i) => {
    const [sine, cosine] = [at(sines, i) / ONE, at(cosines, i) / ONE];
    return {
      tau: -dt / log(Math.hypot(sine, cosine)),
      frequency: Math.atan2(sine, cosine) / (2 * Math.PI * dt),
      sine: at(sines, i),
      cosine: at(cosines, i),
    };
  });
  const taus = valuesOf('tauDecay');
  const frequencies = valuesOf('frequency');
  return [
    row(
      'vThreshold',
      'membrane',
      valuesOf('vThreshold').map((asked) => {
        const integer = Math.round(asked * scale.mantissa);
        return { asked, integer, held: integer / scale.mantissa };
      }),
    ),
    row(
      'tauDecay',
      's',
      turns.map(({ tau, cosine }, i) => ({ asked: at(taus, i), integer: cosine, held: tau })),
    ),
    row(
      'period',
      's',
      turns.map(({ frequency, sine }, i) => ({ asked: 1 / at(frequencies, i), integer: sine, held: 1 / frequency })),
    ),
  ];
}
