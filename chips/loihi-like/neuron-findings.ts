/** What a population asks of a Loihi core that it does not have, or has in coarser steps. */
import type { Violation } from '../../core/chip-contract.ts';
import { parameterValues } from '../../core/lowering/population.ts';
import type { Network, Population } from '../../core/network/network.ts';
import { isGraded } from '../../core/network/network.ts';
import { MICROCODED } from './microcode.ts';
import { compartmentsOf, decayU, decayV } from './neuron.ts';
import { noiseShift } from './neuron-text.ts';
import { LOIHI } from './profile.ts';
import type { Incoming } from './scales.ts';
import { membraneScale, portGain, thresholdAboveRest } from './scales.ts';
import type { LoihiSettings } from './switches.ts';

export interface PopulationContext {
  readonly network: Network;
  readonly population: Population;
  readonly incoming: readonly Incoming[];
  readonly settings: LoihiSettings;
}

/** One design rule over a population. */
export type PopulationRule = (context: PopulationContext) => readonly Omit<Violation, 'designRule'>[];

const SUPPORTED = ['lif', 'cubalif', 'ternary-lif', 'adaptive-lif', ...MICROCODED];

const valuesOf = ({ network, population }: PopulationContext, name: string): number[] => {
  const { constants, perNeuron } = parameterValues(population, network.dt);
  const values = perNeuron.get(name);
  return values === undefined ? [constants.get(name) ?? Number.NaN] : [...values];
};

const percent = (fraction: number): string => `${(100 * fraction).toPrecision(2)} %`;

export const neuronModel: PopulationRule = ({ population: { name, model } }) =>
  SUPPORTED.includes(model.name)
    ? []
    : [
        {
          severity: 'error',
          code: 'E-LOIHI-NEURON',
          message: `population ${name}: the model "${model.name}" has no integer form here; ${SUPPORTED.join(', ')} have`,
          hint: 'use lif with delta synapses, or cubalif with exponential currents',
        },
      ];

/** Features of a neuron that need the microcode of Loihi 2. */
export const neuronMicrocode: PopulationRule = (context) => {
  const { population, settings } = context;
  const { model, parameters, competition, name } = population;
  const [rest, reset] = [valuesOf(context, 'vRest'), valuesOf(context, 'vReset')];
  const unseen = 'no recording of a chip exists to compare it with';
  const features: [boolean, string, string][] = [
    [model.choices.resetTo === 'subtraction', 'reset by subtraction', 'Loihi 1 resets to its resting value: choose resetTo value'],
    [
      parameters.vRest !== undefined &&
        reset.some((value, i) => value !== rest[rest.length === 1 ? 0 : i]) &&
        model.choices.resetTo !== 'subtraction',
      'a reset value other than the resting value',
      'give vReset and vRest the same value',
    ],
    [
      parameters.floor !== undefined && model.name !== 'rate-if',
      'a floor of the membrane',
      'Loihi 1 has one lower limit per core, -(2^k) + 1 membrane units',
    ],
    [competition !== undefined, 'winner-take-all within a tick', 'on Loihi 1 use an inhibitory projection, which acts one tick later'],
    [model.name === 'adaptive-lif', 'an adaptive threshold', unseen],
    [model.name === 'ternary-lif', 'a spike of either sign', unseen],
    [model.name === 'resonate-and-fire', 'an oscillator', unseen],
    [model.name === 'sigma-delta', 'a sum that sends its changes as graded spikes', unseen],
    [model.name === 'rate-if', 'a value that is sent as evenly spaced spikes', unseen],
    [model.choices.spiking === 'escape', 'firing with a probability (escape noise)', 'on Loihi 1 use noise on the membrane'],
  ];
  return features
    .filter(([used]) => used)
    .map(([, feature, hint]) => ({
      severity: settings.generation === 'loihi-1' ? ('error' as const) : ('warning' as const),
      code: settings.generation === 'loihi-1' ? 'E-LOIHI-MICROCODE' : 'W-LOIHI-MICROCODE',
      message: `population ${name}: ${feature} needs a neuron in microcode (Loihi 2); Loihi 1 has no such field`,
      hint,
    }));
};

export const twoCompartments: PopulationRule = ({ population }) =>
  SUPPORTED.includes(population.model.name) && compartmentsOf(population) > 1
    ? [
        {
          severity: 'info',
          code: 'I-LOIHI-COMPARTMENTS',
          message: `population ${population.name}: two currents with different time constants take two compartments per neuron`,
          hint: 'give tauExc and tauInh the same value to halve the compartments',
        },
      ]
    : [];

export const refractoryRange: PopulationRule = (context) => {
  if (context.population.parameters.refractory === undefined) return [];
  const longest = Math.max(...valuesOf(context, 'refractoryTicks'));
  // the counter is set to one more than the ticks it blocks, because it counts down in the tick of the spike
  const limit = LOIHI.refractoryMax.value - 1;
  if (longest <= limit) return [];
  const message = `population ${context.population.name}: refractory for ${longest} ticks, but the counter holds at most ${limit}`;
  return [{ severity: 'error', code: 'E-LOIHI-REFRACTORY', message, hint: 'shorten it, or take a longer tick' }];
};

/** A decay of 12 bits is coarse where it is slow. */
export const decayResolution: PopulationRule = (context) => {
  const one = LOIHI.decayOne.value;
  const { population } = context;
  const fields: [string, string, (leak: number) => number][] =
    population.model.name === 'cubalif'
      ? [
          ['tauMem', 'leak', (leak) => decayV(leak)],
          ['tauExc', 'leakExc', (leak) => decayU(leak) + 1],
          ['tauInh', 'leakInh', (leak) => decayU(leak) + 1],
        ]
      : [
          ['tauMem', 'leak', (leak) => decayV(leak)],
          ['tauAdaptation', 'leakAdaptation', (leak) => decayV(leak)],
        ];
  return fields.flatMap(([name, leak, field]) => {
    let worst = 0;
    for (const value of valuesOf(context, leak)) if (value < 1) worst = Math.max(worst, Math.abs(field(value) / one / (1 - value) - 1));
    if (worst <= 0.05) return [];
    const message = `population ${population.name}: ${name} is so long that its decay per tick, in steps of 1/${one}, is off by ${percent(worst)}`;
    return [{ severity: 'warning', code: 'W-LOIHI-DECAY', message, hint: 'shorten the time constant, or take a longer tick' } as const];
  });
};

export const thresholdRange: PopulationRule = (context) => {
  const { population, network, incoming, settings } = context;
  const { mantissa } = membraneScale(population, incoming, network, settings);
  const distance = thresholdAboveRest(population, network.dt);
  const thresholds = valuesOf(context, 'vThreshold');
  const rests = population.parameters.vRest === undefined ? [0] : valuesOf(context, 'vRest');
  const lowest = Math.min(...thresholds.map((value, i) => value - rests[rests.length === 1 ? 0 : i]));
  const { name } = population;
  if (lowest < 0) {
    return [
      {
        severity: 'error',
        code: 'E-LOIHI-THRESHOLD',
        message: `population ${name}: the threshold lies below the resting value; a threshold mantissa is never negative`,
        hint: 'raise vThreshold above vRest',
      },
    ];
  }
  const most = LOIHI.thresholdMantissaMax.value;
  if (distance * mantissa > most + 0.5) {
    const message = `population ${name}: the threshold is ${Math.round(distance * mantissa)} weight units above rest, but its mantissa ends at ${most}`;
    return [{ severity: 'error', code: 'E-LOIHI-THRESHOLD', message, hint: 'larger weights or a lower threshold bring the two together' }];
  }
  const wanted = lowest * mantissa;
  const error = wanted === 0 ? 0 : Math.abs(Math.round(wanted) / wanted - 1);
  if (error <= 0.05) return [];
  const message = `population ${name}: the threshold is ${wanted.toPrecision(3)} weight units above rest and is rounded to ${Math.round(wanted)}, off by ${percent(error)}`;
  return [{ severity: 'warning', code: 'W-LOIHI-THRESHOLD', message, hint: 'smaller weights make the unit finer' }];
};

/** Thresholds are shared by the compartments of a core: there is room for a few different ones. */
export const thresholdProfiles: PopulationRule = (context) => {
  const { population, settings } = context;
  const { name, size, tunable } = population;
  const most = LOIHI.thresholdProfiles.value;
  const moves = tunable.includes('vThreshold') || tunable.includes('thresholdShift');
  const count = moves ? size : new Set(valuesOf(context, 'vThreshold')).size;
  if (count <= most) return [];
  const message = `population ${name}: ${moves ? 'up to ' : ''}${count} different thresholds; Loihi 1 keeps ${most} per core, Loihi 2 one per neuron`;
  const hint = `spread the population over ${Math.ceil(count / most)} cores, or let neurons share thresholds`;
  return [
    {
      severity: settings.generation === 'loihi-1' ? 'warning' : 'info',
      code: settings.generation === 'loihi-1' ? 'W-LOIHI-PROFILES' : 'I-LOIHI-PROFILES',
      message,
      hint,
    },
  ];
};

export const noiseAmplitude: PopulationRule = (context) => {
  const { population, network, incoming, settings } = context;
  if (population.parameters.noise === undefined) return [];
  const noises = valuesOf(context, 'noise');
  const largest = Math.max(...noises);
  if (largest === 0) return [];
  const { membrane } = membraneScale(population, incoming, network, settings);
  const { sd } = noiseShift(largest * membrane);
  const error = Math.abs(sd / (largest * membrane) - 1);
  const uneven = noises.some((value) => value !== largest);
  if (error <= 0.1 && !uneven) return [];
  const message = `population ${population.name}: noise of ${largest} becomes ${(sd / membrane).toPrecision(3)} for all neurons: the chip has uniform noise in powers of two, shared by a core`;
  return [
    {
      severity: uneven || error > 0.3 ? 'warning' : 'info',
      code: uneven || error > 0.3 ? 'W-LOIHI-NOISE' : 'I-LOIHI-NOISE',
      message,
      hint: `${(sd / membrane).toPrecision(3)} and its doubles are exact`,
    },
  ];
};

/** Graded spikes are whole numbers of up to 24 bits, and only Loihi 2 has them. */
export const gradedSpikes: PopulationRule = ({ population, settings }) => {
  if (!isGraded(population)) return [];
  const { name, source, parameters } = population;
  if (settings.generation === 'loihi-1') {
    const message = `population ${name}: its spikes carry numbers (graded spikes), which only Loihi 2 has`;
    return [{ severity: 'error', code: 'E-LOIHI-GRADED', message, hint: 'use generation loihi-2, or send the number as a rate' }];
  }
  const most = LOIHI.payloadMax.value;
  const payloads = source?.kind === 'replay' ? (source.payloads ?? []) : [];
  const wrong = payloads.find((payload) => !Number.isInteger(payload) || Math.abs(payload) > most);
  if (wrong !== undefined) {
    const message = `population ${name}: a spike carries ${wrong}; payloads are whole numbers from ${-most} to ${most}`;
    return [{ severity: 'error', code: 'E-LOIHI-PAYLOAD', message, hint: 'round them, and put the factor into the weights' }];
  }
  if (parameters.vThreshold !== undefined && typeof parameters.vThreshold !== 'number' && population.model.name === 'sigma-delta') {
    const message = `population ${name}: payloads are in sixteenths of the threshold, which differs between its neurons`;
    return [{ severity: 'error', code: 'E-LOIHI-PAYLOAD', message, hint: 'give all neurons one vThreshold, or make populations of them' }];
  }
  return [];
};

/** Weights onto one port share a scale, so what the port does to the membrane must be the same for all neurons. */
export const portGains: PopulationRule = ({ population, incoming, network }) =>
  [...new Set(incoming.map(({ projection }) => projection.port))].flatMap((port) => {
    const gain = portGain(population, port, network.dt);
    if (typeof gain === 'number' && gain > 0) return [];
    const what = typeof gain === 'number' ? `is ${gain}` : 'differs between its neurons';
    const message = `population ${population.name}: what port "${port}" adds to the membrane ${what}; integer weights of a projection share one positive scale`;
    return [
      {
        severity: 'error',
        code: 'E-LOIHI-GAIN',
        message,
        hint: 'use port delta, or the same time constant and resistance for all neurons',
      } as const,
    ];
  });
