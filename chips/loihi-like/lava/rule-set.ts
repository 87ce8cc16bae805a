/**
 * A learning rule with its parameters as Lava holds them: texts dw, dd, dt, an impulse and a time constant per trace, the epoch, a seed. Checked
 * as Lava checks it (which is little: no upper bound on impulses or epochs), and the two ready-made rules, STDPLoihi and RewardModulatedSTDP,
 * whose coefficients pass through Lava's lossy literals.
 */
import type { Problem } from '../../../core/errors.ts';
import { UserError } from '../../../core/errors.ts';
import type { LavaRule, LavaTarget } from '../../../core/plasticity/lava-rule.ts';
import { parseLavaRule } from '../../../core/plasticity/lava-rule.ts';
import { toProblem } from '../../../core/program/diagnostics.ts';
import type { LavaProduct, LavaSeries } from './compat-parser.ts';
import { parseLavaCompat } from './compat-parser.ts';

export const LAVA_TRACES = ['x1', 'x2', 'y1', 'y2', 'y3'] as const;
export type LavaTraceName = (typeof LAVA_TRACES)[number];

/** Lava's own names, so that its parameters can be handed over as they are. */
export interface LavaRuleParameters {
  readonly class_name?: string;
  readonly dw?: string | null;
  readonly dd?: string | null;
  readonly dt?: string | null;
  readonly x1_impulse?: number;
  readonly x2_impulse?: number;
  readonly y1_impulse?: number;
  readonly y2_impulse?: number;
  readonly y3_impulse?: number;
  /** Ticks. */
  readonly x1_tau?: number;
  readonly x2_tau?: number;
  readonly y1_tau?: number;
  readonly y2_tau?: number;
  readonly y3_tau?: number;
  readonly t_epoch?: number;
  readonly rng_seed?: number;
}

/** `strict` refuses texts that Lava reads as something else; `lava-compat` reads them as Lava does. */
export type ParseMode = 'strict' | 'lava-compat';

export interface LavaRuleSet {
  readonly series: readonly LavaSeries[];
  readonly traces: Readonly<Record<LavaTraceName, { readonly impulse: number; readonly tau: number }>>;
  readonly epoch: number;
  /** k that all u_k share. */
  readonly decimation?: number;
  /** Values of y1, y2, y3 come from the post neuron. */
  readonly threeFactor: boolean;
  readonly seed: number;
}

const TARGETS = ['dw', 'dd', 'dt'] as const;

export function readLavaRuleSet(parameters: LavaRuleParameters, mode: ParseMode = 'strict'): LavaRuleSet {
  const problems: Problem[] = [];
  const wrong = (message: string, hint: string): void => {
    problems.push({ code: 'E-LAVA-PARAMETER', message, hint });
  };
  const texts = TARGETS.flatMap((target): [LavaTarget, string][] => {
    const text = parameters[target];
    return typeof text === 'string' ? [[target, text]] : [];
  });
  if (texts.length === 0) wrong('no learning rule is given', 'give at least one of dw, dd and dt');
  const decimations = [...new Set(texts.flatMap(([, text]) => text.match(/u[0-9]+/g) ?? []))];
  if (decimations.length > 1) {
    wrong(`dw, dd and dt use ${decimations.join(' and ')}`, 'all u_k of a rule must have the same k');
  }
  const trace = (name: LavaTraceName): { impulse: number; tau: number } => {
    const impulse = parameters[`${name}_impulse`] ?? 0;
    const tau = parameters[`${name}_tau`] ?? 0;
    if (impulse < 0) wrong(`${name}_impulse is ${impulse}`, 'an impulse is 0 or more');
    if (tau < 0) wrong(`${name}_tau is ${tau}`, 'a time constant is 0 or more ticks');
    return { impulse, tau };
  };
  const traces = Object.fromEntries(LAVA_TRACES.map((name) => [name, trace(name)])) as LavaRuleSet['traces'];
  const epoch = parameters.t_epoch ?? 1;
  if (epoch <= 0) wrong(`t_epoch is ${epoch}`, 'a learning epoch has 1 tick or more');
  const series = texts.flatMap(([target, text]) => readSeries(target, text, mode, problems));
  if (problems.length > 0) throw new UserError(problems);
  const decimation = decimations.length === 0 ? {} : { decimation: Number(decimations[0][1]) };
  const threeFactor = /3F/.test(parameters.class_name ?? '');
  return { series, traces, epoch, threeFactor, seed: parameters.rng_seed ?? 0, ...decimation };
}

function readSeries(target: LavaTarget, text: string, mode: ParseMode, problems: Problem[]): LavaSeries[] {
  if (mode === 'lava-compat') {
    try {
      return [parseLavaCompat(target, text)];
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
      return [];
    }
  }
  const parsed = parseLavaRule(target, text);
  if (!('terms' in parsed)) {
    problems.push(...parsed.map((diagnostic) => toProblem(diagnostic)));
    return [];
  }
  if (parsed.terms.some(({ factors }) => factors.some(({ name }) => name === 'r1'))) {
    problems.push({
      code: 'E-LAVA-REWARD',
      message: `${target} = ${text}: Lava has no reward trace`,
      hint: 'let the post neuron send the reward as y2, in a rule of class Loihi3FLearningRule',
    });
    return [];
  }
  return [seriesOf(parsed)];
}

/** What the strict parser read, in the form that the reference computes with. Rewards have no place in Lava. */
export function seriesOf({ target, terms, decimateExponent }: LavaRule): LavaSeries {
  const products = terms.map(
    ({ dependency, mantissa, exponent, factors }): LavaProduct => ({
      dependency: dependency.kind,
      ...(dependency.kind === 'u' ? { decimation: dependency.exponent } : {}),
      mantissa,
      exponent,
      factors: factors.map(({ name, offset, sgn = false }) => ({ name, sgn, ...(offset === undefined ? {} : { constant: offset }) })),
    }),
  );
  return { target, products, readings: [], ...(decimateExponent === undefined ? {} : { decimation: decimateExponent }) };
}

/**
 * A number as Lava writes it into rule texts: the whole part as mantissa, and the ratio that is left rounded to a power of two. 0.3 becomes
 * 2^-2 and 1.5 becomes 2: `literalError` says by how much it is off.
 */
export function floatToLiteral(value: number): string {
  if (value === 0) return '0';
  const size = Math.abs(value);
  const mantissa = Math.max(Math.trunc(size), 1);
  const ratio = size / mantissa;
  const signed = value < 0 ? -mantissa : mantissa;
  return ratio === 1 ? `(${signed})` : `(${signed}) * 2 ^ ${Math.round(Math.log2(ratio)) + 0}`;
}

/** Value of the literal that Lava makes of a number. */
export function literalValue(value: number): number {
  if (value === 0) return 0;
  const mantissa = Math.max(Math.trunc(Math.abs(value)), 1);
  return Math.sign(value) * mantissa * 2 ** Math.round(Math.log2(Math.abs(value) / mantissa));
}

export interface StdpLoihiOptions {
  readonly learning_rate: number;
  readonly A_plus: number;
  /** Negative for depression. */
  readonly A_minus: number;
  readonly tau_plus: number;
  readonly tau_minus: number;
  readonly x1_impulse?: number;
  readonly y1_impulse?: number;
  readonly t_epoch?: number;
  readonly rng_seed?: number;
}

export function stdpLoihi({ learning_rate, A_plus, A_minus, tau_plus, tau_minus, ...rest }: StdpLoihiOptions): LavaRuleParameters {
  const [rate, plus, minus] = [learning_rate, A_plus, A_minus].map(floatToLiteral);
  return {
    class_name: 'Loihi2FLearningRule',
    x1_impulse: 16,
    y1_impulse: 16,
    t_epoch: 1,
    ...rest,
    dw: `${rate} * ${minus} * x0 * y1 +${rate} * ${plus} * y0 * x1`,
    x1_tau: tau_plus,
    y1_tau: tau_minus,
  };
}

export interface RewardModulatedStdpOptions {
  readonly learning_rate: number;
  readonly A_plus: number;
  readonly A_minus: number;
  readonly pre_trace_decay_tau: number;
  readonly post_trace_decay_tau: number;
  readonly pre_trace_kernel_magnitude: number;
  readonly post_trace_kernel_magnitude: number;
  /** Fraction of the tag that is lost in an epoch; not a time constant, whatever its name says. */
  readonly eligibility_trace_decay_tau: number;
  readonly t_epoch?: number;
  readonly rng_seed?: number;
}

/** Time constant with which Lava keeps the values that a post neuron sends. */
const RECEIVED_TAU = 65535;

export function rewardModulatedStdp(options: RewardModulatedStdpOptions): LavaRuleParameters {
  const { t_epoch = 1, rng_seed } = options;
  const numbers = [options.learning_rate, options.A_plus, options.A_minus, options.eligibility_trace_decay_tau];
  const [rate, plus, minus, decay] = numbers.map(floatToLiteral);
  return {
    class_name: 'Loihi3FLearningRule',
    dw: ' u0 * t * y2 ',
    dt: `${rate} * ${minus} * x0 * y1 + ${rate} * ${plus} * y0 * x1 - u0 * t * ${decay}`,
    x1_impulse: options.pre_trace_kernel_magnitude,
    x1_tau: options.pre_trace_decay_tau,
    y1_impulse: 0,
    y1_tau: RECEIVED_TAU,
    y2_impulse: 0,
    y2_tau: RECEIVED_TAU,
    y3_impulse: 0,
    y3_tau: RECEIVED_TAU,
    t_epoch,
    ...(rng_seed === undefined ? {} : { rng_seed }),
  };
}
