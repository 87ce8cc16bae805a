/**
 * What a network becomes in integers, parameter by parameter: the whole number that stands for a value, what that number holds, and by how much
 * it is off - by rounding, or by clipping where the field ends. Formulas are those of the lowering (neuron.ts, scales.ts, weights.ts).
 */
import type { DesignSubject, DiscretisedParameter } from '../../core/chip-contract.ts';
import { parameterValues } from '../../core/lowering/population.ts';
import type { Population } from '../../core/network/network.ts';
import { exp, log } from '../../core/program/elementary.ts';
import { MICROCODED, microcodeRows } from './microcode.ts';
import { decayU, decayV } from './neuron.ts';
import { LOIHI } from './profile.ts';
import type { Incoming, MembraneScale } from './scales.ts';
import { discretise, levelRange, weightStep } from './weights.ts';

const ONE = LOIHI.decayOne.value;

/** One value on the chip. */
interface Held {
  readonly integer: number;
  readonly held: number;
  readonly clipped: boolean;
}

export function discretisedPopulation(
  { network }: Pick<DesignSubject, 'network'>,
  population: Population,
  scale: MembraneScale,
  incoming: readonly Incoming[],
): DiscretisedParameter[] {
  const { dt } = network;
  const where = `population ${population.name}`;
  const { constants, perNeuron } = parameterValues(population, dt);
  const valuesOf = (name: string): ArrayLike<number> => perNeuron.get(name) ?? [constants.get(name) ?? Number.NaN];
  const rest = valuesOf('vRest');
  const isEuler = population.model.choices.integrator === 'euler';
  const rows: DiscretisedParameter[] = [];
  const add = (
    parameter: string,
    values: ArrayLike<number>,
    unit: DiscretisedParameter['unit'],
    toChip: (value: number, i: number) => Held,
  ): void => {
    const given = Array.from(values).filter(Number.isFinite);
    if (given.length > 0) rows.push(worstOf(where, parameter, unit, given, toChip));
  };
  if (MICROCODED.includes(population.model.name)) {
    return [
      ...microcodeRows(population, dt, scale).map((row) => ({ ...row, where })),
      ...incoming.flatMap((one) => discretisedWeights(one, scale)),
    ];
  }
  const most = LOIHI.thresholdMantissaMax.value;
  add('vThreshold', valuesOf('vThreshold'), 'membrane', (value, i) => {
    const bottom = rest[rest.length === 1 ? 0 : i] ?? 0;
    const wanted = (value - bottom) * scale.mantissa;
    const integer = Math.min(most, Math.max(0, Math.round(wanted)));
    return { integer, held: integer / scale.mantissa + bottom, clipped: wanted > most + 0.5 || wanted < 0 };
  });
  // the lower threshold of ternary spikes has a sign
  add('vThresholdLow', valuesOf('vThresholdLow'), 'membrane', (value) => {
    const integer = Math.max(-most, Math.min(most, Math.round(value * scale.mantissa)));
    return { integer, held: integer / scale.mantissa, clipped: Math.abs(value * scale.mantissa) > most + 0.5 };
  });
  add('adaptationStep', valuesOf('adaptationStep'), 'membrane', (value) => {
    const integer = Math.round(value * scale.membrane);
    return { integer, held: integer / scale.membrane, clipped: false };
  });
  const decays: readonly (readonly [string, (leak: number) => number])[] =
    population.model.name === 'cubalif'
      ? [
          ['tauMem', decayV],
          ['tauExc', (leak) => decayU(leak) + 1],
          ['tauInh', (leak) => decayU(leak) + 1],
        ]
      : [
          ['tauMem', decayV],
          ['tauAdaptation', decayV],
        ];
  for (const [name, field] of decays) {
    add(name, valuesOf(name), 's', (tau) => {
      const decay = field(isEuler ? 1 - dt / tau : exp(-dt / tau));
      const lost = decay / ONE;
      // nothing is left of a membrane whose decay is 1, and one of decay 0 never forgets
      const held = lost >= 1 ? 0 : lost === 0 ? Number.POSITIVE_INFINITY : isEuler ? dt / lost : -dt / log(1 - lost);
      return { integer: decay, held, clipped: decay === 0 };
    });
  }
  return [...rows, ...incoming.flatMap((one) => discretisedWeights(one, scale))];
}

function worstOf(
  where: string,
  parameter: string,
  unit: DiscretisedParameter['unit'],
  values: readonly number[],
  toChip: (value: number, i: number) => Held,
): DiscretisedParameter {
  const all = values.map((asked, i) => ({ asked, ...toChip(asked, i) }));
  const off = ({ asked, held }: { asked: number; held: number }): number => Math.abs(held - asked);
  const { asked, integer, held } = all.reduce((worst, one) => (off(one) > off(worst) ? one : worst));
  return {
    where,
    parameter,
    unit,
    count: values.length,
    asked,
    integer,
    held,
    clipped: all.filter(({ clipped }) => clipped).length,
    vanished: 0,
  };
}

/** Initial weights, with the step and the ends of their format. */
function discretisedWeights({ projection, weights }: Incoming, { projections }: MembraneScale): DiscretisedParameter[] {
  const own = projections.get(projection.name);
  if (own === undefined || weights.length === 0) return [];
  const { integers, clipped, vanished } = discretise(weights, own.scale, own.format);
  let worst = 0;
  for (let k = 1; k < weights.length; k++) {
    if (Math.abs(integers[k] / own.scale - weights[k]) > Math.abs(integers[worst] / own.scale - weights[worst])) worst = k;
  }
  return [
    {
      where: `projection ${projection.name}`,
      parameter: 'weight',
      unit: 'weight',
      count: weights.length,
      asked: weights[worst],
      integer: integers[worst],
      held: integers[worst] / own.scale,
      clipped,
      vanished,
      resolution: weightStep(own.format) / own.scale,
      range: [levelRange(own.format).low / own.scale, levelRange(own.format).high / own.scale],
    },
  ];
}
