/**
 * Rules of NxSDK across the border: its texts are read as they are, its parameters have names of their own (x1Impulse, x1TimeConstant, tEpoch), and
 * its reward trace r1 is the modulator r1 here. Names as rules of public NxSDK-era projects use them; Intel's own documentation is not public.
 */
import type { Problem } from '../../../core/errors.ts';
import { UserError } from '../../../core/errors.ts';
import { momentsOfProducts } from '../../../core/plasticity/moments-of-products.ts';
import type { PlasticityRule, TraceSpec } from '../../../core/plasticity/rule.ts';
import { LOIHI } from '../profile.ts';
import type { LavaTraceName } from './rule-set.ts';
import { LAVA_TRACES } from './rule-set.ts';

type TraceParameters = {
  readonly [K in LavaTraceName as `${K}Impulse` | `${K}TimeConstant`]?: number;
};

/** Time constants in ticks. */
export interface NxsdkRuleParameters extends TraceParameters {
  readonly dw?: string;
  readonly dd?: string;
  readonly dt?: string;
  readonly tEpoch?: number;
}

const TEXTS = ['dw', 'dd', 'dt'] as const;
const KNOWN: readonly string[] = [...TEXTS, 'tEpoch', ...LAVA_TRACES.flatMap((name) => [`${name}Impulse`, `${name}TimeConstant`])];

export interface FromNxsdkOptions {
  readonly name?: string;
  /** Seconds per tick. */
  readonly dt: number;
  /** Lowest and highest integer weight; -256 … 255 if absent. */
  readonly bounds?: readonly [number, number];
}

/** @throws UserError for names it does not know, and for texts that Loihi would read as something else */
export function ruleFromNxsdk(
  parameters: NxsdkRuleParameters,
  { name = 'nxsdk', dt, bounds = [-256, 255] }: FromNxsdkOptions,
): PlasticityRule {
  const problems: Problem[] = Object.keys(parameters)
    .filter((key) => !KNOWN.includes(key))
    .map((key) => ({ code: 'E-NXSDK-PARAMETER', message: `unknown parameter "${key}"`, hint: `there are ${KNOWN.join(', ')}` }));
  const texts = TEXTS.flatMap((target): [string, string][] => {
    const text = parameters[target];
    return text === undefined ? [] : [[target, text]];
  });
  if (texts.length === 0) problems.push({ code: 'E-NXSDK-PARAMETER', message: 'no learning rule is given', hint: 'give dw, dd or dt' });
  const reads = (trace: string): boolean => texts.some(([, text]) => new RegExp(`\\b${trace}\\b`).test(text));
  const traces = LAVA_TRACES.filter(reads).map((trace): [string, TraceSpec] => {
    const tau = parameters[`${trace}TimeConstant`];
    if (tau === undefined) {
      problems.push({
        code: 'E-NXSDK-PARAMETER',
        message: `the rule reads ${trace}, but ${trace}TimeConstant is missing`,
        hint: 'give it in ticks',
      });
    }
    return [
      trace,
      {
        on: trace[0] === 'x' ? 'pre' : 'post',
        tau: (tau ?? 1) * dt,
        impulse: parameters[`${trace}Impulse`] ?? 0,
        pairing: 'all-to-all',
        decay: 'exact',
      },
    ];
  });
  const rule: PlasticityRule = {
    name,
    parameters: {},
    traces: Object.fromEntries(traces),
    variables: {},
    modulators: reads('r1') || reads('r') ? { r1: { per: 'projection', range: LOIHI.rewardMax.value } } : {},
    code: {},
    sumOfProducts: Object.fromEntries(texts),
    epochTicks: parameters.tEpoch ?? 1,
    bounds,
  };
  problems.push(...momentsOfProducts(rule).problems);
  if (problems.length > 0) throw new UserError(problems);
  return rule;
}

/** @param dt seconds per tick; @throws UserError for rules in event form */
export function ruleToNxsdk(rule: PlasticityRule, dt: number): NxsdkRuleParameters {
  if (rule.sumOfProducts === undefined) {
    const message = `rule ${rule.name} is in event form; NxSDK reads sums of products`;
    throw new UserError([{ code: 'E-NXSDK-FORM', message, hint: 'write it as dw, dt and dd, or take what check --fix prints' }]);
  }
  const traces = LAVA_TRACES.flatMap((name): [string, number][] => {
    const trace = rule.traces[name];
    return trace === undefined
      ? []
      : [
          [`${name}Impulse`, trace.impulse],
          [`${name}TimeConstant`, trace.tau / dt],
        ];
  });
  return { ...rule.sumOfProducts, ...Object.fromEntries(traces), tEpoch: rule.epochTicks };
}
