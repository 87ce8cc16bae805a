/**
 * The memristor crossbar: weights are conductances of analog cells, a spike is a read pulse, a weight update is a burst of programming
 * pulses. Neurons and rules run beside the arrays in floating point; what a rule asks for and what its synapses become is the difference.
 */
import type {
  ChipBackend,
  LoweredCounter,
  LoweredPopulation,
  LoweredProjection,
  PopulationSubject,
  ProjectionSubject,
  Violation,
} from '../../core/chip-contract.ts';
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
import { rewriteMoment } from '../../core/lowering/rule-text.ts';
import { isGraded } from '../../core/network/network.ts';
import { compileExpressionOrThrow, compileOrThrow } from '../../core/program/check-types.ts';
import { guardIdle } from '../../core/program/guard-idle.ts';
import { FLOAT32, FLOAT64 } from '../../core/program/number-format.ts';
import { symbolTable } from '../../core/program/symbols.ts';
import type { Ageing } from './age-cell.ts';
import { ageingOf } from './age-cell.ts';
import { crossbarDesignRules } from './design-rules.ts';
import { deviceCurves } from './device-curves.ts';
import { figureOf } from './device-figures.ts';
import type { Side } from './draw-cells.ts';
import { crossbarEffects, optionsWithout } from './effects.ts';
import { halfSelectCounter, heatCounter, verifyCounter, writeCounters, writeText } from './lower-rule.ts';
import type { CrossbarOptions, Settings } from './options.ts';
import { readCrossbarOptions } from './options.ts';
import { place } from './place.ts';
import { crossbarProfile } from './profile.ts';
import { programArray } from './program-array.ts';
import { programSlices } from './program-slices.ts';
import { deliverText, drawsPerColumn, seenWeight, variancePort, withReadNoise } from './read-out.ts';
import { openBounds, refuseSizes, takenNames } from './refusals.ts';
import { REMEDIES, writeAlternatives } from './remedies.ts';
import { loweredTiles, seesHalfSelect } from './tile-lines.ts';
import { stepTiming } from './timing.ts';

export function memristorCrossbar(options: CrossbarOptions = {}): ChipBackend {
  const settings = readCrossbarOptions(options);
  return {
    profile: crossbarProfile(settings),
    designRules: crossbarDesignRules(settings),
    place: (subject) => place(subject, settings),
    timing: (placement, events, ticks, dt) => stepTiming(settings, placement, events, ticks, dt),
    deviceCurves: () => deviceCurves(settings.device, settings.retention?.name),
    withDeviceSet: (deviceSet) => memristorCrossbar({ ...options, deviceSet }),
    effects: () => crossbarEffects(settings),
    without: (names) => memristorCrossbar(optionsWithout(options, settings, names)),
    alternatives: () =>
      writeAlternatives(settings).map(({ own, other, writePolicy }) => ({
        own,
        other,
        chip: memristorCrossbar({ ...options, writePolicy }),
      })),
    remedies: REMEDIES,
    lowerPopulation: (subject) => lowerPopulation(subject, settings),
    lowerProjection: (subject) => lowerProjection(subject, settings),
  };
}

function lowerPopulation(subject: PopulationSubject, settings: Settings): LoweredPopulation {
  const { population, incoming, network } = subject;
  if (!drawsPerColumn(settings)) return lowerFloatPopulation(subject, network.precision);
  const ports = [...new Set(incoming.map(({ projection }) => projection.port))];
  return lowerFloatPopulation(
    { ...subject, population: { ...population, model: withReadNoise(population.model, ports) } },
    network.precision,
  );
}

/** Counters of every spike delivered. */
const readCounters = ({ periphery }: Settings): readonly LoweredCounter[] => [
  { name: 'readPulses', kind: 'readPulse' },
  { name: 'readHeat', kind: 'readHeat' },
  ...(periphery === 'adc' ? [{ name: 'adcConversions', kind: 'adcConversion' } as const] : []),
];

function lowerProjection(subject: ProjectionSubject, settings: Settings): LoweredProjection | readonly Violation[] {
  const refusal = refuseEpochRule(subject) ?? refuseSizes(subject) ?? refuseUngraded(subject);
  if (refusal !== undefined) return refusal;
  const { network, projection, rule } = subject;
  const unbounded = openBounds(subject);
  if (unbounded.length > 0) return unbounded;
  const scale = weightScale(subject);
  // a weight that learns stays on one pair: carries from slice to slice are not built
  const slices = rule === undefined ? settings.slices : 1;
  const ageing = ageingOf(settings, network.dt, network.seed, projection.name);
  const array = slices > 1 ? programSlices(subject, settings, scale) : programArray(subject, settings, scale, ageing);
  const heated = figureOf(settings.device, 'gateCapacitance') === 0;
  const variables = [...array.variables, ...(rule === undefined ? [] : ruleVariables(rule.rule, network.precision))];
  const counters = [
    ...readCounters(settings),
    ...(rule === undefined ? [] : [...learningCounters, ...writeCounters, ...(heated ? [heatCounter] : [])]),
    ...(rule !== undefined && heated && seesHalfSelect(settings) ? [halfSelectCounter] : []),
    ...(rule !== undefined && (settings.writePolicy === 'verify' || settings.update === 'two-array') ? [verifyCounter] : []),
  ];
  const taken = takenNames(subject, [...array.variables, ...counters]);
  if (taken.length > 0) return taken;
  // a change is written in whole pulses, and a modulator rounded to a single would now and then miss one
  const modulators = rule === undefined ? [] : floatModulators(rule.rule, 'f64');
  const symbols = loweredSymbols(subject, variables, counters, modulators);
  const port = { name: projection.port, scope: 'post', format: network.precision === 'f32' ? FLOAT32 : FLOAT64, writable: true } as const;
  const ports = drawsPerColumn(settings) ? [port, { ...port, name: variancePort(projection.port) }] : [port];
  const payload = { name: 'payload', scope: 'pre', format: FLOAT64, writable: false } as const;
  const withPort = symbolTable([...symbols, ...ports, payload]);
  const context = rule && {
    settings,
    bounds: rule.rule.bounds,
    scale,
    plus: array.plus,
    ...(array.minus && { minus: array.minus }),
    ...(array.fast && { fast: array.fast }),
    ...(ageing && { ageing }),
  };
  const sides: readonly Side[] = array.minus === undefined ? ['plus'] : ['plus', 'minus'];
  // a rule reads the weight as it is when the moment comes
  const seen = (tag: string): string[] =>
    ageing === undefined ? [] : [...sides.flatMap((side) => ageing.lines(side, tag)), `w = ${seenWeight(tag, scale, settings)}`];
  // cells of a projection that does not learn stay as they were programmed
  const tiles =
    rule &&
    loweredTiles(settings, array, scale, (text) =>
      compileOrThrow(text, symbolTable(symbols), { title: `projection ${projection.name}, renew` }),
    );
  const moments = compileMoments(subject, symbols, (moment) => {
    if (rule === undefined || context === undefined) return undefined;
    const text = rewriteMoment(rule, moment, network.dt, (value, nth) => writeText(value, nth, context));
    return text === undefined ? undefined : [...seen('Begin'), text].join('\n');
  });
  return {
    variables,
    deliver: compileOrThrow(
      deliverText(projection.port, scale, settings, { slices, signed: isGraded(subject.pre), ...(ageing && { ageing }) }),
      withPort,
      {
        title: `projection ${projection.name}, deliver`,
      },
    ),
    moments: Object.fromEntries(Object.entries(moments).map(([moment, program]) => [moment, guardIdle(program)])),
    epochTicks: rule?.eventEpochTicks ?? rule?.rule.epochTicks ?? 1,
    traces: Object.entries(rule?.rule.traces ?? {}).map(([name, trace]) => lowerFloatTrace(name, trace, network.dt, network.precision)),
    modulators,
    counters,
    weight: compileExpressionOrThrow('w', withPort, { title: `projection ${projection.name}, weight` }),
    ...(ageing && {
      weightNow: compileExpressionOrThrow(weightNowText(ageing, sides, scale, settings), withPort, {
        title: `projection ${projection.name}, weight now`,
      }),
    }),
    transient: Object.keys(rule?.rule.variables ?? {}),
    ...(tiles === undefined ? {} : { tiles }),
    ...(settings.bidirectional
      ? {
          backwards: [
            { counter: 'readPulses', by: slices * (settings.mapping === 'reference' ? 1 : 2) },
            { counter: 'readHeat', by: 'heat' },
          ],
        }
      : {}),
  };
}

/** The lines of `ageing` put into one expression. */
function weightNowText(ageing: Ageing, sides: readonly Side[], scale: number, settings: Settings): string {
  const locals = new Map<string, string>();
  const put = (text: string): string => text.replace(/[A-Za-z]\w*/g, (word) => locals.get(word) ?? word);
  for (const line of sides.flatMap((side) => ageing.lines(side, 'Read'))) {
    const [, name, value] = /^let (\w+) = (.*)$/.exec(line) ?? [];
    locals.set(name, `(${put(value)})`);
  }
  return put(seenWeight('Read', scale, settings));
}

/** Network units that a full difference of conductances stands for: the rule's larger bound, or the largest weight of a fixed projection. */
function weightScale({ rule, weights }: ProjectionSubject): number {
  if (rule !== undefined) return Math.max(...rule.rule.bounds.map(Math.abs)) || 1;
  let largest = 0;
  for (const weight of weights) largest = Math.max(largest, Math.abs(weight));
  return largest || 1;
}
