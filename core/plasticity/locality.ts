/**
 * What each moment of a rule may see. A synapse knows itself, the traces of its two neurons, the state of the neuron it ends on, the
 * modulators that reach it, and constants; it may write only itself. Anything else is not local, and is reported with the text underlined.
 */
import type { NeuronModel } from '../neurons/model.ts';
import { FLOAT64 } from '../program/number-format.ts';
import type { SymbolInfo, SymbolTable } from '../program/symbols.ts';
import { symbolTable } from '../program/symbols.ts';
import type { PlasticityRule } from './rule.ts';

/** Names that every rule has without declaring them. */
export const BUILT_IN = {
  w: 'weight of the synapse',
  dt: 'length of a tick in seconds',
} as const;

/** The names of a rule and where each one lives. `post` adds the state of the post-synaptic model, as `v_post`. */
export function ruleSymbols(rule: PlasticityRule, post?: NeuronModel): SymbolTable {
  const symbols: SymbolInfo[] = [
    { name: 'w', scope: 'synapse', format: FLOAT64, writable: true, meaning: BUILT_IN.w },
    { name: 'dt', scope: 'constant', format: FLOAT64, writable: false, meaning: BUILT_IN.dt },
  ];
  const readOnly = (name: string, scope: SymbolInfo['scope'], meaning: string): void => {
    symbols.push({ name, scope, format: FLOAT64, writable: false, meaning });
  };
  for (const [name, spec] of Object.entries(rule.variables)) {
    symbols.push({ name, scope: 'synapse', format: FLOAT64, writable: true, meaning: spec.meaning ?? 'synapse variable' });
  }
  for (const [name, trace] of Object.entries(rule.traces)) readOnly(name, trace.on, `${trace.on}-synaptic trace`);
  for (const [name, modulator] of Object.entries(rule.modulators)) {
    readOnly(name, modulator.per === 'post' ? 'post' : 'modulator', modulator.meaning ?? 'modulator');
  }
  for (const name of Object.keys(rule.parameters)) readOnly(name, 'constant', 'parameter');
  for (const name of Object.keys(post?.state ?? {})) readOnly(`${name}_post`, 'post', `state ${name} of the post-synaptic neuron`);
  return symbolTable(symbols);
}

/** Words for a name that a rule does not know, e.g. `no trace "x3"; pre traces are x1, x2`. */
export function describeUnknownName(name: string, rule: PlasticityRule): string {
  const kind = /^[xy]\d*$/.exec(name)?.[0][0];
  if (kind !== undefined) {
    const on = kind === 'x' ? 'pre' : 'post';
    const known = Object.entries(rule.traces).filter(([, trace]) => trace.on === on);
    const list = known.length === 0 ? `this rule has no ${on} traces` : `${on} traces are ${known.map(([n]) => n).join(', ')}`;
    return `no trace "${name}"; ${list}`;
  }
  if (/_pre$/.test(name)) {
    return `"${name}" is not local: a synapse cannot read the state of its pre-synaptic neuron; keep what it needs in a pre trace`;
  }
  const known = [...ruleSymbols(rule).values()].map((symbol) => symbol.name);
  return `unknown name "${name}"; a synapse sees ${known.join(', ')}, and the state of its post neuron as v_post`;
}
