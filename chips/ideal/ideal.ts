/**
 * The ideal chip: floating point, no limits, no cost. Every other chip is compared with it, and its lowering is the identity: the network's
 * own numbers and the rule's own text, with the rule's bounds and the counting of updates written out.
 */
import type { ChipBackend, LoweredProjection, ProjectionSubject } from '../../core/chip-contract.ts';
import { lowerFloatPopulation } from '../../core/lowering/population.ts';
import {
  compileMoments,
  floatModulators,
  learningCounters,
  loweredSymbols,
  lowerFloatTrace,
  ruleVariables,
} from '../../core/lowering/projection.ts';
import { rewriteMoment, writeBoundedWeight } from '../../core/lowering/rule-text.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../../core/program/check-types.ts';
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

function lowerProjection(subject: ProjectionSubject): LoweredProjection {
  const { network, projection, weights, rule } = subject;
  const storage = network.precision;
  const variables = [{ name: 'w', storage, initial: weights, scale: 1 }, ...(rule === undefined ? [] : ruleVariables(rule.rule, storage))];
  const counters = rule === undefined ? [] : learningCounters;
  const symbols = loweredSymbols(subject, variables, counters);
  const format = symbols[0].format;
  const withPort = symbolTable([symbols[0], { name: projection.port, scope: 'post', format, writable: true }]);
  return {
    variables,
    deliver: compileOrThrow(`${projection.port} += w`, withPort, { title: `projection ${projection.name}, deliver` }),
    moments: compileMoments(
      subject,
      symbols,
      (moment) => rule && rewriteMoment(rule, moment, network.dt, (value, nth) => writeBoundedWeight(value, nth, rule.rule.bounds)),
    ),
    epochTicks: rule?.rule.epochTicks ?? 1,
    traces: Object.entries(rule?.rule.traces ?? {}).map(([name, trace]) => lowerFloatTrace(name, trace, network.dt, storage)),
    modulators: rule === undefined ? [] : floatModulators(rule.rule),
    counters,
    weight: compileExpressionOrThrow('w', withPort, { title: `projection ${projection.name}, weight` }),
    transient: Object.keys(rule?.rule.variables ?? {}),
  };
}
