/** Recordings of single populations: Lava's neurons and nengo-loihi's. */
import { lavaNeurons } from '../../chips/loihi-like/lava/neurons.ts';
import { nengoNeurons } from '../../chips/loihi-like/nengo/neurons.ts';
import { expectSame, FLOAT } from './compare.ts';
import { isFloatingPoint, neededFields, onlyFields, recordedSeries } from './fields.ts';
import type { Family, Fields, Recording } from './recording.ts';

const LIF_FIELDS = [
  ...['n', 'shape', 'steps', 'du', 'dv', 'vth', 'vth_hi', 'vth_lo', 'bias_mant', 'bias_exp', 'u', 'v'],
  ...['refractory_period', 'reset_interval', 'reset_offset'],
] as const;

/** Parameters in Lava's names. @param what names them in messages */
export function lavaPopulation(parameters: Fields, n: number, isFloat: boolean, what = 'parameters'): ReturnType<typeof lavaNeurons> {
  onlyFields(parameters, LIF_FIELDS, what);
  const { du, dv, vth, vth_hi, vth_lo, bias_mant, bias_exp, u, v, refractory_period, reset_interval, reset_offset } = parameters;
  neededFields({ vth: vth ?? vth_hi }, ['vth'], what);
  return lavaNeurons({
    arithmetic: isFloat ? 'floating_point' : 'bit_accurate',
    n,
    du: du ?? 0,
    dv: dv ?? 0,
    ...(vth === undefined ? {} : { vth }),
    ...(vth_hi === undefined ? {} : { vthHigh: vth_hi }),
    ...(vth_lo === undefined ? {} : { vthLow: vth_lo }),
    biasMantissa: bias_mant ?? 0,
    biasExponent: bias_exp ?? 0,
    u: u ?? 0,
    v: v ?? 0,
    ...(refractory_period === undefined ? {} : { refractoryPeriod: refractory_period }),
    ...(reset_interval === undefined ? {} : { resetInterval: reset_interval, resetOffset: reset_offset ?? 0 }),
  });
}

function checkLif({ arithmetic, parameters, inputs, expected }: Recording): void {
  const isFloat = isFloatingPoint(arithmetic);
  const tolerance = isFloat ? FLOAT : 'exact';
  onlyFields(inputs, ['a_in'], 'inputs');
  neededFields(inputs, ['a_in'], 'inputs');
  recordedSeries(expected, ['u', 'v', 's'], inputs.a_in.length);
  const neurons = lavaPopulation(parameters, inputs.a_in[0].length, isFloat);
  (inputs.a_in as number[][]).forEach((input, row) => {
    const spikes = neurons.tick(input);
    if (expected.u !== undefined) expectSame(neurons.u, expected.u[row], `u at step ${row + 1}`, tolerance);
    if (expected.v !== undefined) expectSame(neurons.v, expected.v[row], `v at step ${row + 1}`, tolerance);
    if (expected.s !== undefined) expectSame(spikes, expected.s[row].map(Number), `spikes at step ${row + 1}`);
  });
}

const NENGO_FIELDS = ['n', 'steps', 'decay_u', 'decay_v', 'vth', 'refract_delay', 'bias', 'vmin', 'vmax'] as const;

function checkNengoLif({ parameters, inputs, expected }: Recording): void {
  onlyFields(parameters, NENGO_FIELDS, 'parameters');
  neededFields(parameters, ['decay_u', 'decay_v', 'vth'], 'parameters');
  onlyFields(inputs, ['q'], 'inputs');
  neededFields(inputs, ['q'], 'inputs');
  recordedSeries(expected, ['u', 'v', 's'], inputs.q.length);
  const { decay_u, decay_v, vth, refract_delay = 1, bias = 0, vmin = 1 - 2 ** 23, vmax = 2 ** 23 - 1 } = parameters;
  const neurons = nengoNeurons({
    n: inputs.q[0].length,
    decayU: decay_u,
    decayV: decay_v,
    threshold: vth,
    refractoryDelay: refract_delay,
    bias,
    low: vmin,
    high: vmax,
  });
  (inputs.q as number[][]).forEach((input, row) => {
    const spikes = neurons.tick(input);
    if (expected.u !== undefined) expectSame(neurons.u, expected.u[row], `u at step ${row + 1}`);
    if (expected.v !== undefined) expectSame(neurons.v, expected.v[row], `v at step ${row + 1}`);
    if (expected.s !== undefined) expectSame(spikes, expected.s[row].map(Number), `spikes at step ${row + 1}`);
  });
}

export const neuronRecordings: Family = { lif: checkLif, nengo_lif: checkNengoLif };
