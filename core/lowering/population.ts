/**
 * Lowers a neuron model as it is written, in floating point: the ideal chip's neurons, and those of any chip whose neurons are not the point.
 * Scalar parameters become literals and are folded; parameters given per neuron, or that the host may change, become arrays.
 */
import type { LoweredPopulation, LoweredVariable, PopulationSubject } from '../chip-contract.ts';
import { UserError } from '../errors.ts';
import type { Population } from '../network/network.ts';
import { analyseExpr } from '../program/analyse.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../program/check-types.ts';
import { evaluateExpr } from '../program/evaluate.ts';
import type { Expr, Program } from '../program/ir.ts';
import { FLOAT32, FLOAT64 } from '../program/number-format.ts';
import { bindConstants, bindConstantsInExpr } from '../program/simplify.ts';
import type { SymbolInfo } from '../program/symbols.ts';
import { symbolTable } from '../program/symbols.ts';

export function lowerFloatPopulation({ network, population }: PopulationSubject, storage: 'f64' | 'f32'): LoweredPopulation {
  const { model, competition } = population;
  const format = storage === 'f32' ? FLOAT32 : FLOAT64;
  const { constants, perNeuron } = parameterValues(population, network.dt);
  if (competition !== undefined) constants.set('inhibition', competition.inhibition);
  const state = Object.entries(model.state).map(([name, spec]): LoweredVariable => {
    const initial = perNeuronValues(spec.initial, population, constants, perNeuron);
    return { name, storage, initial, scale: 1 };
  });
  const symbols = symbolTable([
    ...[...constants.keys()].map((name): SymbolInfo => ({ name, scope: 'constant', format, writable: false })),
    ...[...perNeuron.keys(), ...model.inputs].map((name): SymbolInfo => ({ name, scope: 'neuron', format, writable: false })),
    ...Object.keys(model.state).map((name): SymbolInfo => ({ name, scope: 'neuron', format, writable: true })),
  ]);
  const title = (part: string): string => `population ${population.name} (${model.name}), ${part}`;
  const program = (text: string, part: string): Program => bindConstants(compileOrThrow(text, symbols, { title: title(part) }), constants);
  const expression = (text: string, part: string): Expr =>
    bindConstantsInExpr(compileExpressionOrThrow(text, symbols, { title: title(part) }), constants);
  return {
    variables: [...state, ...[...perNeuron].map(([name, initial]): LoweredVariable => ({ name, storage, initial, scale: 1 }))],
    ports: model.inputs.map((name): LoweredVariable => ({ name, storage, initial: 0, scale: 1 })),
    advance: program(model.advance, 'advance'),
    ...(model.threshold === undefined ? {} : { threshold: expression(model.threshold, 'threshold') }),
    reset: program(model.reset, 'reset'),
    ...(model.payload === undefined ? {} : { payload: expression(model.payload, 'payload') }),
    ...(competition === undefined ? {} : { competition: competitionPrograms(population, expression, program) }),
  };
}

function competitionPrograms(
  population: Population,
  expression: (text: string, part: string) => Expr,
  program: (text: string, part: string) => Program,
): NonNullable<LoweredPopulation['competition']> {
  const { model } = population;
  if (model.score === undefined || model.lose === undefined) {
    throw new UserError({
      code: 'E-COMPETITION',
      message: `population ${population.name}: the model "${model.name}" has no threshold to compare, so it cannot take part in winner-take-all`,
    });
  }
  return { score: expression(model.score, 'score'), lose: program(model.lose, 'lose') };
}

/** Parameters and derived values, split into single numbers and arrays of one value per neuron. */
export function parameterValues(
  population: Population,
  dt: number,
): { constants: Map<string, number>; perNeuron: Map<string, Float64Array> } {
  const constants = new Map<string, number>([['dt', dt]]);
  const perNeuron = new Map<string, Float64Array>();
  for (const [name, value] of Object.entries(population.parameters)) {
    if (typeof value !== 'number') perNeuron.set(name, value);
    else if (population.tunable.includes(name)) perNeuron.set(name, new Float64Array(population.size).fill(value));
    else constants.set(name, value);
  }
  for (const [name, text] of Object.entries(population.model.derived)) {
    const value = perNeuronValues(text, population, constants, perNeuron);
    if (typeof value === 'number') constants.set(name, value);
    else perNeuron.set(name, value);
  }
  return { constants, perNeuron };
}

/** Evaluates a text over the parameters: one number when it depends on none that differ between neurons. */
export function perNeuronValues(
  text: string,
  population: Population,
  constants: ReadonlyMap<string, number>,
  perNeuron: ReadonlyMap<string, Float64Array>,
): number | Float64Array {
  const symbols = symbolTable([
    ...[...constants.keys()].map((name): SymbolInfo => ({ name, scope: 'constant', format: FLOAT64, writable: false })),
    ...[...perNeuron.keys()].map((name): SymbolInfo => ({ name, scope: 'neuron', format: FLOAT64, writable: false })),
  ]);
  const expr = compileExpressionOrThrow(text, symbols, { title: `population ${population.name} (${population.model.name})` });
  const at = (i: number): number => {
    const value = evaluateExpr(
      expr,
      (name) => constants.get(name) ?? perNeuron.get(name)?.[i] ?? Number.NaN,
      () => Number.NaN,
    );
    if (Number.isFinite(value)) return value;
    throw new UserError({
      code: 'E-NOT-FINITE',
      message: `population ${population.name}: ${text} is not a finite number with the parameters given (neuron ${i})`,
      hint: 'with exact integration, synaptic and membrane time constants must differ',
    });
  };
  const varies = analyseExpr(expr).reads.some((read) => read.scope === 'neuron');
  return varies ? Float64Array.from({ length: population.size }, (_, i) => at(i)) : at(0);
}
