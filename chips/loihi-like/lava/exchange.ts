/**
 * Rules across the border: a Lava or NxSDK rule with its parameters becomes a rule of a network, and back. The texts stay as they are; time
 * constants are ticks there and seconds here; the bounds of the weight are those of its integers.
 *
 * A three-factor rule of Lava gets its y traces from the post neuron: the one that carries the reward becomes the modulator r1 here, one value
 * per post neuron.
 */
import { UserError } from '../../../core/errors.ts';
import type { PlasticityRule, TraceSpec } from '../../../core/plasticity/rule.ts';
import type { GradedSpikes } from './connection.ts';
import type { LavaRuleParameters, LavaTraceName } from './rule-set.ts';
import { LAVA_TRACES, readLavaRuleSet } from './rule-set.ts';

export interface FromLavaOptions {
  readonly name?: string;
  /** Seconds per tick. */
  readonly dt: number;
  /** Lowest and highest integer weight; -256 … 255 if absent. */
  readonly bounds?: readonly [number, number];
  /** Which received trace carries the reward; y2 if absent. Others must not be read. */
  readonly reward?: 'y2' | 'y3';
  /** Lava's graded_spike_cfg of the connection: what the payload of a pre spike does to x1. */
  readonly gradedSpikes?: GradedSpikes;
  /** How the post neurons of a three-factor rule make y1, where it is read: a trace of their spikes. */
  readonly y1?: { readonly tau: number; readonly impulse: number };
}

const GRADED = [undefined, 'set', 'add', 'overflow'] as const;

const TEXTS = ['dw', 'dt', 'dd'] as const;

/** @throws UserError for everything that strict parsing refuses */
export function ruleFromLava(parameters: LavaRuleParameters, options: FromLavaOptions): PlasticityRule {
  const { threeFactor, series, epoch } = readLavaRuleSet(parameters, 'strict');
  const reward = options.reward ?? 'y2';
  const read = new Set(series.flatMap(({ products }) => products.flatMap(({ factors }) => factors.map(({ name }) => name))));
  const received = threeFactor ? ['y1', 'y2', 'y3'].filter((name) => read.has(name) && name !== reward) : [];
  const unexplained = received.filter((name) => name !== 'y1' || options.y1 === undefined);
  if (unexplained.length > 0) {
    const message = `the rule reads ${unexplained.join(' and ')}, which its post neurons compute and send`;
    const hint = 'say how y1 follows the spikes (y1: { tau, impulse } in ticks), and which trace carries the reward (reward)';
    throw new UserError([{ code: 'E-LAVA-RECEIVED', message, hint }]);
  }
  const traceOf = (name: LavaTraceName): TraceSpec => {
    const given = threeFactor && name === 'y1' ? options.y1 : undefined;
    const graded = name === 'x1' ? GRADED[options.gradedSpikes ?? 0] : undefined;
    const [tau, impulse] = [given?.tau ?? parameters[`${name}_tau`] ?? 0, given?.impulse ?? parameters[`${name}_impulse`] ?? 0];
    return {
      on: name[0] === 'x' ? 'pre' : 'post',
      tau: tau * options.dt,
      impulse,
      pairing: 'all-to-all',
      decay: 'exact',
      ...(graded === undefined ? {} : { graded }),
    };
  };
  const used = LAVA_TRACES.filter((name) => read.has(name) && !(threeFactor && name === reward));
  const texts = TEXTS.flatMap((target): [string, string][] => {
    const text = parameters[target];
    if (typeof text !== 'string') return [];
    return [[target, threeFactor ? text.replaceAll(reward, 'r1') : text]];
  });
  return {
    name: options.name ?? 'lava',
    parameters: {},
    traces: Object.fromEntries(used.map((name) => [name, traceOf(name)])),
    variables: {},
    modulators: threeFactor && read.has(reward) ? { r1: { per: 'post', range: 127 } } : {},
    code: {},
    sumOfProducts: Object.fromEntries(texts),
    epochTicks: epoch,
    bounds: options.bounds ?? [-256, 255],
  };
}

/** @param dt seconds per tick; @throws UserError for rules in event form, which `lower` has to turn into products first */
export function ruleToLava(rule: PlasticityRule, dt: number): LavaRuleParameters {
  const { sumOfProducts } = rule;
  if (sumOfProducts === undefined) {
    const message = `rule ${rule.name} is in event form; Lava reads sums of products`;
    throw new UserError([{ code: 'E-LAVA-FORM', message, hint: 'write it as dw, dt and dd with an epoch' }]);
  }
  const hasReward = Object.keys(rule.modulators).length > 0;
  const texts = Object.fromEntries(
    TEXTS.flatMap((target) => {
      const text = sumOfProducts[target];
      return text === undefined ? [] : [[target, hasReward ? text.replaceAll(/\br1?\b/g, 'y2') : text]];
    }),
  );
  const traces = LAVA_TRACES.flatMap((name): [string, number][] => {
    const trace = rule.traces[name];
    if (trace === undefined) return [];
    return [
      [`${name}_impulse`, trace.impulse],
      [`${name}_tau`, trace.tau / dt],
    ];
  });
  const className = hasReward ? 'Loihi3FLearningRule' : 'Loihi2FLearningRule';
  return { class_name: className, ...texts, ...Object.fromEntries(traces), t_epoch: rule.epochTicks };
}
