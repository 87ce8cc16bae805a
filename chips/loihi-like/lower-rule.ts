/**
 * From a checked rule to the programs of the learning engine: one epoch program that reads every trace at its dependency's time and evaluates all
 * products from old values, one program for the moment a modulator arrives, and the trace programs.
 */
import type {
  LoweredCounter,
  LoweredEpoch,
  LoweredModulator,
  LoweredVariable,
  ProjectionSubject,
  Violation,
} from '../../core/chip-contract.ts';
import { learningCounters } from '../../core/lowering/projection.ts';
import type { CheckedRule } from '../../core/plasticity/check-rule.ts';
import type { PlasticityRule } from '../../core/plasticity/rule.ts';
import { compileOrThrow } from '../../core/program/check-types.ts';
import type { Program } from '../../core/program/ir.ts';
import { FLOAT64 } from '../../core/program/number-format.ts';
import type { SymbolInfo, SymbolTable } from '../../core/program/symbols.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import type { ChipProduct, ChipRule, ChipWeight, Target } from './chip-rule.ts';
import type { EventRuleSubject } from './event-rule.ts';
import { eventRule } from './event-rule.ts';
import { drawSymbols, givenDraws } from './given-draws.ts';
import { notationRule } from './notation-rule.ts';
import { accumulateText, conditionText, FRACTION, roundedText } from './product-text.ts';
import { delayVariableMax, LOIHI } from './profile.ts';
import { epochFindings, traceFindings } from './rule-findings.ts';
import type { ProjectionScale } from './scales.ts';
import type { LoihiSettings } from './switches.ts';
import { arrivalText, chipTraces } from './traces.ts';
import { levelRange, weightStep } from './weights.ts';

/** Counts evaluations of the rule, which is what learning costs on this chip. */
const EVALUATIONS: LoweredCounter = { name: 'ruleEvaluations', kind: 'synapticUpdate' };

export interface RulePlace {
  readonly projection: string;
  readonly scale: ProjectionScale;
  readonly dt: number;
}

export function chipRule(given: CheckedRule, place: RulePlace, settings: LoihiSettings): ChipRule {
  const checked = withEpoch(given, settings);
  const { rule } = checked;
  const title = `projection ${place.projection}, rule ${rule.name}`;
  const traces = chipTraces(rule, place.dt, settings);
  const subject: EventRuleSubject = {
    checked,
    title,
    projection: place.projection,
    traces,
    weightScale: place.scale.scale,
    dt: place.dt,
    settings,
  };
  const early = [...traceFindings(title, rule, traces, settings.spikesPerTick), ...epochFindings(title, rule)];
  const parts = rule.sumOfProducts === undefined ? eventRule(subject) : notationRule(subject);
  return {
    title,
    weight: chipWeight(rule, place.scale, settings),
    traces,
    variables: parts.variables,
    products: parts.products,
    epochTicks: rule.epochTicks,
    findings: [...early, ...parts.findings],
  };
}

/** The rule with an epoch of a tick, where that leaves its meaning: it is in event form and has no code for the end of an epoch. */
function withEpoch(checked: CheckedRule, { learningEpoch }: LoihiSettings): CheckedRule {
  const { rule } = checked;
  if (learningEpoch === 'rule' || rule.sumOfProducts !== undefined || rule.code.onLearningEpoch !== undefined) return checked;
  return { ...checked, rule: { ...rule, epochTicks: 1 } };
}

/** The bounds of the rule as integers, inside what the format holds. */
export function chipWeight(rule: PlasticityRule, { scale, format }: ProjectionScale, settings: LoihiSettings): ChipWeight {
  if (settings.weightNumbers === 'real') {
    const [low, high] = rule.bounds.map((bound) => bound * scale);
    return { scale, step: 1, low, high };
  }
  const isStored = settings.learnedPrecision !== 'full';
  const step = isStored ? weightStep(format) : 1;
  const range = isStored ? levelRange(format) : levelRange({ ...format, bits: 9 });
  const [low, high] = rule.bounds.map((bound) => Math.round((bound * scale) / step) * step + 0);
  return { scale, step, low: Math.max(range.low, low), high: Math.min(range.high, high) };
}

export interface LoweredLearning {
  readonly variables: readonly LoweredVariable[];
  readonly counters: readonly LoweredCounter[];
  readonly modulators: readonly LoweredModulator[];
  readonly epoch?: LoweredEpoch;
  readonly onModulator?: Program;
  readonly transient: readonly string[];
}

export function lowerChipRule(
  rule: ChipRule,
  { checked, network }: { checked: CheckedRule; network: ProjectionSubject['network'] },
  settings: LoihiSettings,
): LoweredLearning {
  const counters = [...learningCounters, EVALUATIONS];
  const symbols = learningSymbols(rule, checked.rule, counters);
  const atModulator = rule.products.filter(({ dependency }) => dependency.kind === 'modulator');
  const inEpoch = rule.products.filter(({ dependency }) => dependency.kind !== 'modulator');
  const compile = (products: readonly ChipProduct[], part: string): Program =>
    compileOrThrow(updateText(rule, products, settings), symbols, { title: `${rule.title} in integers, ${part}` });
  const arrival = arrivalProgram(rule);
  const draws = givenDraws(settings, rule.epochTicks);
  /** Values that are not whole or have no ends. */
  const isOpen = settings.rounding === 'none' || settings.saturation === 'none';
  return {
    variables: rule.variables.map(
      ({ name, target, initial, scale }): LoweredVariable => ({
        name,
        storage: isOpen ? 'f64' : target === 't' ? 'i16' : 'u8',
        initial,
        scale,
      }),
    ),
    counters,
    modulators: Object.entries(checked.rule.modulators).map(
      ([name, { per, range }]): LoweredModulator => ({
        name,
        per,
        storage: 'f64',
        scale: LOIHI.rewardMax.value / range,
        ...(settings.productNumbers === 'integer' ? { largest: LOIHI.rewardMax.value } : {}),
      }),
    ),
    ...(inEpoch.length === 0
      ? {}
      : {
          epoch: {
            ticks: rule.epochTicks,
            visits: visitsOf(inEpoch),
            program: compile(inEpoch, `epoch of ${network.dt * rule.epochTicks} s`),
            ...(arrival === undefined ? {} : { onArrival: arrival }),
            ...(draws === undefined ? {} : { draws }),
          },
        }),
    ...(atModulator.length === 0 ? {} : { onModulator: compile(atModulator, 'onModulator') }),
    transient: rule.variables.map(({ name }) => name),
  };
}

function arrivalProgram({ traces, title }: ChipRule): Program | undefined {
  const text = arrivalText(traces);
  if (text === undefined) return undefined;
  const symbol = (name: string, writable: boolean): SymbolInfo => ({ name, scope: 'neuron', format: FLOAT64, writable });
  const symbols = symbolTable([symbol('payload', false), symbol('counted', true), ...traces.map(({ name }) => symbol(name, true))]);
  return compileOrThrow(text, symbols, { title: `${title} in integers, graded spikes` });
}

const visitsOf = (products: readonly ChipProduct[]): LoweredEpoch['visits'] =>
  products.some(({ dependency }) => dependency.kind === 'u') ? 'all' : 'spiking';

/** All accumulators from old values, then the counts, then the new values. */
export function updateText(rule: ChipRule, products: readonly ChipProduct[], settings: LoihiSettings): string {
  const targets = (['w', 't', 'd'] as const).filter((target) => products.some((product) => product.target === target));
  const sums: string[] = [];
  const writes: string[] = [];
  for (const target of targets) {
    const own = products.filter((product) => product.target === target);
    const name = target === 'w' ? 'w' : (rule.variables.find((variable) => variable.target === target)?.name ?? target);
    const { lines, result } = accumulateText(name, own, rule.epochTicks, settings);
    sums.push(...lines);
    if (target === 'w') writes.push(...weightWrite(rule, own, result, settings));
    else writes.push(...variableWrite(target, name, result, settings));
  }
  return [...sums, `ruleEvaluations += ${countText(products, rule.epochTicks)}`, ...writes].join('\n');
}

/** 1 when any of the products applies. */
function countText(products: readonly ChipProduct[], epochTicks: number): string {
  const conditions = new Set(products.map(({ dependency }) => conditionText(dependency, epochTicks)));
  return conditions.has(undefined) ? '1' : `if(${[...conditions].join(' or ')}, 1, 0)`;
}

function weightWrite(
  { weight, epochTicks }: ChipRule,
  products: readonly ChipProduct[],
  accumulator: string,
  settings: LoihiSettings,
): string[] {
  const { low, high, step } = weight;
  // a weight of one sign cannot pass zero, whatever its bounds
  const signed = low >= 0 ? `max(${accumulator}, 0)` : high <= 0 ? `min(${accumulator}, 0)` : accumulator;
  return [
    `let sum_w = ${signed}`,
    ...(settings.learnedPrecision === 'stored-away-from-zero' && settings.rounding !== 'none'
      ? [
          `let change_w = sum_w / ${FRACTION} - w`,
          'let whole_w = w + (change_w < 0 ? floor(change_w) : -floor(-change_w))',
          `let asked_w = ${roundedText(`whole_w * ${FRACTION}`, step, settings.rounding)}`,
        ]
      : [`let asked_w = ${roundedText('sum_w', step, settings.rounding)}`]),
    `let kept_w = clip(asked_w, ${low}, ${high})`,
    `updateAttempts += ${countText(products, epochTicks)}`,
    'synapticUpdates += if(kept_w != w, 1, 0)',
    `saturatedUpdates += if(${accumulator} < ${low * 2 ** LOIHI.accumulatorFraction.value} or ${accumulator} > ${high * 2 ** LOIHI.accumulatorFraction.value}, 1, 0)`,
    'w = kept_w',
  ];
}

function variableWrite(target: Exclude<Target, 'w'>, name: string, accumulator: string, settings: LoihiSettings): string[] {
  const tagMax = 2 ** (LOIHI.tagBits.value - 1) - 1;
  const low = target === 'd' ? 0 : settings.saturation === 'lava' ? -tagMax - 2 : -tagMax - 1;
  const high = target === 'd' ? delayVariableMax(settings) : tagMax;
  const sum = target === 'd' ? `max(${accumulator}, 0)` : accumulator;
  if (settings.saturation === 'none' && target === 't')
    return [`let sum_${name} = ${sum}`, `${name} = ${roundedText(`sum_${name}`, 1, settings.rounding)}`];
  return [`let sum_${name} = ${sum}`, `${name} = clip(${roundedText(`sum_${name}`, 1, settings.rounding)}, ${low}, ${high})`];
}

function learningSymbols(rule: ChipRule, { modulators }: PlasticityRule, counters: readonly LoweredCounter[]): SymbolTable {
  const symbol = (name: string, scope: SymbolInfo['scope'], writable: boolean): SymbolInfo => ({ name, scope, format: FLOAT64, writable });
  return symbolTable([
    symbol('w', 'synapse', true),
    ...rule.variables.map(({ name }) => symbol(name, 'synapse', true)),
    ...rule.traces.flatMap(({ name, on }) => ['', '_atPre', '_atPost', '_atEnd'].map((time) => symbol(`${name}${time}`, on, false))),
    symbol('preTime', 'pre', false),
    symbol('postTime', 'post', false),
    symbol('tick', 'modulator', false),
    ...drawSymbols,
    ...Object.entries(modulators).map(([name, { per }]) => symbol(name, per === 'post' ? 'post' : 'modulator', false)),
    ...counters.map(({ name }) => symbol(name, 'counter', true)),
  ]);
}

/** True if any finding stops the rule from being lowered. */
export const isRefused = (findings: readonly Violation[]): boolean => findings.some(({ severity }) => severity === 'error');
