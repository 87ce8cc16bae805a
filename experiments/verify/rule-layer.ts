/**
 * The text of a rule, checked and compiled as for a chip, over all synapses of a dense layer whose traces and third factors are given as numbers
 * instead of gathered from spikes. So a rule's mathematics can be proved for rates, where gradients exist. Hard bounds are left out: what is proved is the
 * change that the rule asks for.
 */
import { InternalError } from '../../core/errors.ts';
import { checkRuleOrThrow } from '../../core/plasticity/check-rule.ts';
import type { Moment, PlasticityRule } from '../../core/plasticity/rule.ts';
import { compileKernel } from '../../core/program/compile-kernel.ts';
import type { Binding } from '../../core/program/kernel.ts';

export interface RuleLayer {
  /** [nPre × nPost], a row per source; changed in place. */
  readonly weights: Float64Array;
  /** By name: [nPre] pre traces, [nPost] post traces and modulators per post neuron, [1] modulators of the projection. */
  readonly inputs: Readonly<Record<string, Float64Array>>;
  /** By name: [nPre × nPost] what each synapse keeps beside its weight. */
  readonly variables: Readonly<Record<string, Float64Array>>;
  /** Runs one moment for every synapse. */
  run(moment: Moment): void;
}

export interface RuleLayerOptions {
  /** [nPre × nPost] at the start; zeros unless given. The layer changes them in place. */
  readonly weights?: Float64Array;
  /** Length of a tick in seconds, for rules that read it; 1 ms unless given. */
  readonly dt?: number;
}

export function ruleLayer(rule: PlasticityRule, nPre: number, nPost: number, options: RuleLayerOptions = {}): RuleLayer {
  const { weights = new Float64Array(nPre * nPost), dt = 0.001 } = options;
  const { moments } = checkRuleOrThrow(rule);
  const inputs: Record<string, Float64Array> = {};
  const variables: Record<string, Float64Array> = {};
  const bindings = new Map<string, Binding>([
    ['w', { kind: 'array', array: weights }],
    ['dt', { kind: 'constant', value: dt }],
  ]);
  for (const [name, value] of Object.entries(rule.parameters)) bindings.set(name, { kind: 'constant', value });
  for (const [name, { initial }] of Object.entries(rule.variables)) {
    variables[name] = new Float64Array(nPre * nPost).fill(initial);
    bindings.set(name, { kind: 'array', array: variables[name] });
  }
  for (const [name, { on }] of Object.entries(rule.traces)) {
    inputs[name] = new Float64Array(on === 'pre' ? nPre : nPost);
    bindings.set(name, { kind: 'array', array: inputs[name] });
  }
  for (const [name, { per }] of Object.entries(rule.modulators)) {
    inputs[name] = new Float64Array(per === 'post' ? nPost : 1);
    bindings.set(name, per === 'post' ? { kind: 'array', array: inputs[name] } : { kind: 'cell', array: inputs[name], cell: 0 });
  }
  const rowStart = Int32Array.from({ length: nPre + 1 }, (_, i) => i * nPost);
  const target = Int32Array.from({ length: nPre * nPost }, (_, k) => k % nPost);
  const rows = Int32Array.from({ length: nPre }, (_, i) => i);
  const kernels = new Map(
    Object.entries(moments).map(([moment, program]) => [
      moment,
      compileKernel({
        name: `verify_${moment}`,
        program,
        loop: { kind: 'rows', rowStart, target },
        bindings,
        random: { seed: 0, stream: 0, itemBase: 0 },
      }),
    ]),
  );
  return {
    weights,
    inputs,
    variables,
    run: (moment) => {
      const kernel = kernels.get(moment);
      if (kernel === undefined) throw new InternalError(`rule ${rule.name} has no ${moment}`);
      kernel.run(rows, nPre, 0);
    },
  };
}
