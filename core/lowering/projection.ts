/**
 * Pieces of a lowered projection that chips share: the symbols of a rule in a chip's memory, floating-point traces, counters, and
 * compilation of rewritten text against them.
 */
import type { LoweredCounter, LoweredModulator, LoweredTrace, LoweredVariable, ProjectionSubject, Violation } from '../chip-contract.ts';
import { isGraded } from '../network/network.ts';
import type { Moment, PlasticityRule, TraceSpec } from '../plasticity/rule.ts';
import { MOMENTS } from '../plasticity/rule.ts';
import { compileOrThrow } from '../program/check-types.ts';
import { exp } from '../program/elementary.ts';
import type { Program } from '../program/ir.ts';
import { FLOAT32, FLOAT64 } from '../program/number-format.ts';
import { bindConstants } from '../program/simplify.ts';
import type { SymbolInfo } from '../program/symbols.ts';
import { symbolTable } from '../program/symbols.ts';
import { decayingVariables, touchedAt } from './rule-text.ts';

/** Counters that every plastic projection has. */
export const learningCounters: readonly LoweredCounter[] = [
  { name: 'updateAttempts', kind: 'updateAttempts' },
  { name: 'synapticUpdates', kind: 'synapticUpdates' },
  { name: 'saturatedUpdates', kind: 'saturatedUpdates' },
  { name: 'notFinite', kind: 'notFinite' },
];

/** Synapse variables of the rule itself, with the touch times of those that decay. */
export function ruleVariables(rule: PlasticityRule, storage: 'f64' | 'f32'): LoweredVariable[] {
  return [
    ...Object.entries(rule.variables).map(([name, spec]): LoweredVariable => ({ name, storage, initial: spec.initial, scale: 1 })),
    ...decayingVariables(rule).map(
      (name): LoweredVariable => ({ name: touchedAt(name), storage: 'f64', initial: 0, scale: 1, isTick: true }),
    ),
  ];
}

/** Everything a moment's text may name on a chip: the chip's synapse variables and counters beside the rule's own names. */
export function loweredSymbols(
  subject: ProjectionSubject,
  variables: readonly LoweredVariable[],
  counters: readonly LoweredCounter[],
  modulators: readonly LoweredModulator[],
): SymbolInfo[] {
  const symbols: SymbolInfo[] = [];
  const add = (name: string, scope: SymbolInfo['scope'], format: SymbolInfo['format'], writable: boolean): void => {
    symbols.push({ name, scope, format, writable });
  };
  for (const { name, storage } of variables) add(name, 'synapse', storage === 'f32' ? FLOAT32 : FLOAT64, true);
  for (const { name } of counters) add(name, 'counter', FLOAT64, true);
  add('tick', 'modulator', FLOAT64, false);
  for (const symbol of subject.rule?.symbols.values() ?? []) {
    if (symbol.scope !== 'synapse') add(symbol.name, symbol.scope, formatOf(subject, symbol, modulators), symbol.writable);
  }
  return symbols;
}

/** Traces and post-neuron state of an `f32` network are single precision; modulators are what the chip makes of them. */
function formatOf({ network, rule }: ProjectionSubject, symbol: SymbolInfo, modulators: readonly LoweredModulator[]): SymbolInfo['format'] {
  const modulator = modulators.find(({ name }) => name === symbol.name);
  if (modulator !== undefined) return modulator.storage === 'f32' ? FLOAT32 : FLOAT64;
  const kept = rule?.rule.traces[symbol.name] !== undefined || /_post$/.test(symbol.name);
  return network.precision === 'f32' && (kept || symbol.scope === 'constant') ? FLOAT32 : FLOAT64;
}

/** Compiles one rewritten text per moment, with the rule's parameters and dt folded in. */
export function compileMoments(
  subject: ProjectionSubject,
  symbols: readonly SymbolInfo[],
  textOf: (moment: Moment) => string | undefined,
): Partial<Record<Moment, Program>> {
  const { rule, projection, network } = subject;
  if (rule === undefined) return {};
  const table = symbolTable(symbols);
  const constants = new Map([['dt', network.dt], ...Object.entries(rule.rule.parameters)]);
  const moments: Partial<Record<Moment, Program>> = {};
  for (const moment of MOMENTS) {
    const text = textOf(moment);
    if (text === undefined) continue;
    const title = `projection ${projection.name}, rule ${rule.rule.name}, ${moment}`;
    moments[moment] = bindConstants(compileOrThrow(text, table, { title }), constants);
  }
  return moments;
}

/** Factor by which a trace decays per tick. */
export function decayPerTick(trace: TraceSpec, dt: number): number {
  if (trace.tau === Number.POSITIVE_INFINITY) return 1;
  return trace.decay === 'euler' ? 1 - dt / trace.tau : exp(-dt / trace.tau);
}

/** A trace in floating point: x ← x·decay every tick; x ← x + impulse, or x ← impulse, at a spike. */
export function lowerFloatTrace(name: string, trace: TraceSpec, dt: number, storage: 'f64' | 'f32'): LoweredTrace {
  const symbols = symbolTable([
    { name, scope: 'neuron', format: storage === 'f32' ? FLOAT32 : FLOAT64, writable: true },
    { name: 'payload', scope: 'neuron', format: FLOAT64, writable: false },
  ]);
  const factor = decayPerTick(trace, dt);
  const title = `trace ${name}`;
  const impulse =
    trace.graded === undefined
      ? trace.pairing === 'nearest'
        ? `${name} = ${trace.impulse}`
        : `${name} = ${name} + ${trace.impulse}`
      : trace.graded === 'set'
        ? `${name} = payload / 2`
        : `${name} = ${name} + payload / 2`;
  return {
    name,
    on: trace.on,
    variable: { name, storage, initial: 0, scale: 1 },
    decay: compileOrThrow(factor === 1 ? '' : `${name} = ${name} * ${factor}`, symbols, { title }),
    impulse: compileOrThrow(impulse, symbols, { title }),
  };
}

export function floatModulators(rule: PlasticityRule, storage: 'f64' | 'f32'): LoweredModulator[] {
  return Object.entries(rule.modulators).map(([name, spec]) => ({ name, per: spec.per, storage, scale: 1 }));
}

/** Refuses a rule whose traces want payloads that the spikes do not have. */
export function refuseUngraded({ projection, pre, rule }: ProjectionSubject): Violation[] | undefined {
  const trace = Object.entries(rule?.rule.traces ?? {}).find(([, { graded }]) => graded !== undefined);
  if (trace === undefined || isGraded(pre)) return undefined;
  return [
    {
      severity: 'error',
      designRule: 'graded-spikes',
      code: 'E-GRADED',
      message: `projection ${projection.name}, rule ${rule?.rule.name}: trace ${trace[0]} wants the payloads of graded spikes, but spikes of ${pre.name} carry nothing`,
      hint: 'give the source payloads, use a neuron that sends graded spikes, or leave out "graded"',
    },
  ];
}

/** Refuses a rule that can only be told in epochs, for chips that learn at events. */
export function refuseEpochRule({ projection, rule }: ProjectionSubject): Violation[] | undefined {
  if (rule?.needsEpochs === undefined) return undefined;
  return [
    {
      severity: 'error',
      designRule: 'learnsAtEvents',
      code: 'E-RULE-EPOCH',
      message: `projection ${projection.name}, rule ${rule.rule.name}: ${rule.needsEpochs}`,
      hint: 'run it on loihi-like, or write it with a trace: y0*x1 instead of x0*y0',
    },
  ];
}
