/**
 * The Loihi-like chip: integer neurons, integer weights, 7-bit traces, and learning rules as sums of products evaluated in epochs. Its arithmetic
 * is that of Lava's CPU models, bit for bit where these define it; where public models disagree there is a switch.
 */
import type {
  ChipBackend,
  ChipProfile,
  LoweredPopulation,
  LoweredProjection,
  PopulationSubject,
  ProjectionSubject,
  Violation,
} from '../../core/chip-contract.ts';
import { lowerFloatPopulation } from '../../core/lowering/population.ts';
import { refuseUngraded } from '../../core/lowering/projection.ts';
import { isGraded } from '../../core/network/network.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../../core/program/check-types.ts';
import type { Program } from '../../core/program/ir.ts';
import { FLOAT32, FLOAT64 } from '../../core/program/number-format.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import { designRules, discretisedParameters, nearestRules, populationFindings, productTables } from './design-rules.ts';
import { loihiEffects, optionsWithout } from './effects.ts';
import { ENERGY_TABLES } from './energy-table.ts';
import { chipRule, isRefused, lowerChipRule } from './lower-rule.ts';
import { lowerMicrocode, MICROCODED } from './microcode.ts';
import { lowerIntegerPopulation } from './neuron.ts';
import { placeOnCores } from './place.ts';
import { probeFindings } from './probe-findings.ts';
import { CAVEATS, LOIHI } from './profile.ts';
import { REMEDIES, roundingAlternatives } from './remedies.ts';
import type { ProjectionScale } from './scales.ts';
import { membraneScale } from './scales.ts';
import type { LoihiOptions, LoihiSettings } from './switches.ts';
import { readSettings, SWITCHES } from './switches.ts';
import { stepTiming } from './timing.ts';
import { lowerChipTrace } from './traces.ts';
import { discretise, levelRange, weightLevels, weightStep } from './weights.ts';

export function loihiLike(options: LoihiOptions = {}): ChipBackend {
  const settings = readSettings(options);
  return {
    profile: profileOf(settings),
    designRules: designRules(settings),
    place: (subject) => placeOnCores(subject, settings),
    discretise: (subject) => discretisedParameters(subject, settings),
    probeFindings,
    describeRules: (subject) => productTables(subject, settings),
    nearestRules: (subject) => nearestRules(subject, settings),
    timing: stepTiming,
    effects: () => loihiEffects(settings),
    without: (names) => loihiLike(optionsWithout(options, names)),
    alternatives: () =>
      roundingAlternatives(settings).map(({ own, other, rounding }) => ({ own, other, chip: loihiLike({ ...options, rounding }) })),
    remedies: REMEDIES,
    lowerPopulation: (subject) => lowerPopulation(subject, settings),
    lowerProjection: (subject) => lowerProjection(subject, settings),
  };
}

function profileOf(settings: LoihiSettings): ChipProfile {
  return {
    name: 'loihi-like',
    title: 'Loihi-like',
    summary: 'integer neurons and weights, 7-bit traces, learning as sums of products in epochs',
    energy: ENERGY_TABLES[settings.energy],
    caveats: CAVEATS,
    parameters: { settings, switches: SWITCHES, architecture: LOIHI },
  };
}

function lowerPopulation(subject: PopulationSubject, settings: LoihiSettings): LoweredPopulation | readonly Violation[] {
  const errors = populationFindings(subject.population, subject.network, subject.incoming, settings).filter(
    ({ severity }) => severity === 'error',
  );
  if (errors.length > 0) return errors;
  if (settings.neuronNumbers === 'real') return lowerFloatPopulation(subject, subject.network.precision);
  return MICROCODED.includes(subject.population.model.name) ? lowerMicrocode(subject, settings) : lowerIntegerPopulation(subject, settings);
}

function lowerProjection(subject: ProjectionSubject, settings: LoihiSettings): LoweredProjection | readonly Violation[] {
  const { network, projection, pre, post, rule, weights } = subject;
  const ungraded = refuseUngraded(subject);
  if (ungraded !== undefined) return ungraded;
  const incoming = network.projections.flatMap(({ name }) => [subject, ...subject.siblings].filter((one) => one.projection.name === name));
  const scale = membraneScale(post, incoming, network, settings);
  const own = scale.projections.get(projection.name) as ProjectionScale;
  const learned = rule && chipRule(rule, { projection: projection.name, scale: own, dt: network.dt }, settings);
  if (learned !== undefined && isRefused(learned.findings)) return learned.findings.filter(({ severity }) => severity === 'error');
  const learning = learned && rule && lowerChipRule(learned, { checked: rule, network }, settings);
  const { low, high } = learned?.weight ?? levelRange(own.format);
  const isReal = settings.weightNumbers === 'real';
  const isWhole = !isReal && (learned === undefined || settings.rounding !== 'none');
  const scaled = isReal ? weights.map((weight) => weight * own.scale) : discretise(weights, own.scale, own.format).integers;
  const initial = isReal && learned === undefined ? scaled : scaled.map((weight) => Math.min(high, Math.max(low, weight)));
  const step = learned?.weight.step ?? weightStep(own.format);
  // a weight that keeps its fraction is seen without it
  const seen = isReal || isWhole ? 'w' : step === 1 ? 'round(w)' : `(round(w / ${step}) * ${step})`;
  const symbols = symbolTable([
    { name: 'w', scope: 'synapse', format: FLOAT64, writable: false },
    { name: projection.port, scope: 'post', format: portFormat(network, settings), writable: true },
    { name: 'payload', scope: 'pre', format: FLOAT64, writable: false },
  ]);
  const title = `projection ${projection.name} in integers`;
  return {
    variables: [{ name: 'w', storage: isWhole ? 'i16' : 'f64', initial, scale: own.scale }, ...(learning?.variables ?? [])],
    deliver: deliverProgram(projection.port, isGraded(pre) ? `${seen} * payload` : seen, own, scale.exponent, settings, symbols, title),
    moments: learning?.onModulator === undefined ? {} : { onModulator: learning.onModulator },
    epochTicks: learned?.epochTicks ?? 1,
    ...(learning?.epoch === undefined ? {} : { epoch: learning.epoch }),
    traces: (learned?.traces ?? []).map((trace) => lowerChipTrace(trace, settings)),
    modulators: learning?.modulators ?? [],
    counters: learning?.counters ?? [],
    weight: compileExpressionOrThrow(`${seen} / ${own.scale}`, symbols, { title: `${title}, weight` }),
    ...(isReal ? {} : { weightLevels: weightLevels(low, high, step, own.scale) }),
    transient: learning?.transient ?? [],
  };
}

/** Ports of neurons in whole numbers hold these exactly; others are the network's own. */
const portFormat = (network: ProjectionSubject['network'], { neuronNumbers }: LoihiSettings): typeof FLOAT64 | typeof FLOAT32 =>
  neuronNumbers === 'real' && network.precision === 'f32' ? FLOAT32 : FLOAT64;

/** What a spike adds to its port: the weight with the exponent of its projection, and of the population where each weight is shifted by itself. */
function deliverProgram(
  port: string,
  weight: string,
  { rise, scale }: ProjectionScale,
  exponent: number,
  { weightExponent, weightNumbers, neuronNumbers }: LoihiSettings,
  symbols: ReturnType<typeof symbolTable>,
  title: string,
): Program {
  if (neuronNumbers === 'real') return compileOrThrow(`${port} += ${weight} / ${scale}`, symbols, { title: `${title}, deliver` });
  const unit = LOIHI.weightUnit.value;
  const left = weightExponent === 'of-sum' ? rise : Math.log2(unit) + exponent + rise;
  if (weightNumbers === 'real') return compileOrThrow(`${port} += ${weight} * ${2 ** left}`, symbols, { title: `${title}, deliver` });
  if (weightExponent === 'per-weight-floor') {
    // a multiple of 64 of at most 21 bits (Brian2Loihi)
    const value = left >= Math.log2(unit) ? `${weight} * ${2 ** left}` : `shr(${weight}, ${Math.log2(unit) - left}) * ${unit}`;
    const most = 2 ** 21 - unit;
    return compileOrThrow(`${port} += clip(${value}, ${-most}, ${most})`, symbols, { title: `${title}, deliver` });
  }
  const added = left === 0 ? weight : left > 0 ? `${weight} * ${2 ** left}` : `shr(${weight}, ${-left})`;
  return compileOrThrow(`${port} += ${added}`, symbols, { title: `${title}, deliver` });
}
