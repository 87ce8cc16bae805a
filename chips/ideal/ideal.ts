/**
 * The ideal chip: floating point, no limits, no cost. Every other chip is compared with it, and its lowering is the identity: the network's
 * own numbers and the rule's own text, with the rule's bounds and the counting of updates written out.
 */
import type { ChipBackend, LoweredProjection, LoweredVariable, ProjectionSubject, Violation } from '../../core/chip-contract.ts';
import { lowerFloatPopulation } from '../../core/lowering/population.ts';
import {
  compileMoments,
  floatModulators,
  learningCounters,
  loweredSymbols,
  lowerFloatTrace,
  refuseEpochRule,
  refuseUngraded,
  ruleVariables,
} from '../../core/lowering/projection.ts';
import { rewriteMoment, writeBoundedWeight } from '../../core/lowering/rule-text.ts';
import { isGraded } from '../../core/network/network.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../../core/program/check-types.ts';
import { FLOAT32, FLOAT64 } from '../../core/program/number-format.ts';
import type { SymbolInfo } from '../../core/program/symbols.ts';
import { symbolTable } from '../../core/program/symbols.ts';

export function ideal(): ChipBackend {
  return {
    profile: {
      name: 'ideal',
      title: 'Ideal',
      summary: 'floating point, unlimited, free: what the rule does when no hardware is in its way',
      energy: { name: 'none', note: 'The ideal chip is not a machine; it has no energy.', perEvent: {} },
      caveats: [],
      parameters: {},
    },
    designRules: [],
    place: () => ({ uses: [], summary: 'no limits' }),
    lowerPopulation: (subject) => lowerFloatPopulation(subject, subject.network.precision),
    lowerProjection,
  };
}

function lowerProjection(subject: ProjectionSubject): LoweredProjection | readonly Violation[] {
  const refusal = refuseEpochRule(subject) ?? refuseUngraded(subject);
  if (refusal !== undefined) return refusal;
  const { network, projection, rule } = subject;
  const storage = network.precision;
  // One constant weight that no rule changes is a number in the program, not an array.
  const fixed = rule === undefined && projection.weight.kind === 'constant' ? projection.weight.value : undefined;
  const variables: LoweredVariable[] =
    fixed === undefined
      ? [
          { name: 'w', storage, initial: initialWeights(subject), scale: 1 },
          ...(rule === undefined ? [] : ruleVariables(rule.rule, storage)),
        ]
      : [];
  const counters = rule === undefined ? [] : learningCounters;
  const modulators = rule === undefined ? [] : floatModulators(rule.rule, storage);
  const symbols = loweredSymbols(subject, variables, counters, modulators);
  const format = storage === 'f32' ? FLOAT32 : FLOAT64;
  const port: SymbolInfo = { name: projection.port, scope: 'post', format, writable: true };
  const payload: SymbolInfo = { name: 'payload', scope: 'pre', format: FLOAT64, writable: false };
  const delivery = symbolTable([...symbols.filter(({ name }) => name === 'w'), port, payload]);
  const weight = fixed === undefined ? 'w' : `(${fixed})`;
  return {
    variables,
    deliver: compileOrThrow(`${projection.port} += ${isGraded(subject.pre) ? `${weight} * payload` : weight}`, delivery, {
      title: `projection ${projection.name}, deliver`,
    }),
    moments: compileMoments(
      subject,
      symbols,
      (moment) => rule && rewriteMoment(rule, moment, network.dt, (value, nth) => writeBoundedWeight(value, nth, rule.rule.bounds)),
    ),
    epochTicks: rule?.eventEpochTicks ?? rule?.rule.epochTicks ?? 1,
    traces: Object.entries(rule?.rule.traces ?? {}).map(([name, trace]) => lowerFloatTrace(name, trace, network.dt, storage)),
    modulators,
    counters,
    weight: compileExpressionOrThrow(weight, delivery, { title: `projection ${projection.name}, weight` }),
    transient: Object.keys(rule?.rule.variables ?? {}),
    backwards: [],
  };
}

const initialWeights = (subject: ProjectionSubject): number | Float64Array =>
  subject.projection.weight.kind === 'constant' ? subject.projection.weight.value : subject.weights;
