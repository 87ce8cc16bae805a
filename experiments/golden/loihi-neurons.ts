/** Recordings of single populations: Lava's neurons and nengo-loihi's. */
import { lavaNeurons } from '../../chips/loihi-like/lava/neurons.ts';
import { nengoNeurons } from '../../chips/loihi-like/nengo/neurons.ts';
import { expectSame, FLOAT } from './compare.ts';
import type { Family, Fields, Recording } from './recording.ts';

/** Parameters in Lava's names. */
export function lavaPopulation(parameters: Fields, n: number, isFloat: boolean): ReturnType<typeof lavaNeurons> {
  const { du, dv, vth, vth_hi, vth_lo, bias_mant, bias_exp, u, v, refractory_period, reset_interval, reset_offset } = parameters;
  return lavaNeurons({
    arithmetic: isFloat ? 'floating_point' : 'bit_accurate',
    n,
    du,
    dv,
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
  const isFloat = arithmetic === 'floating_point';
  const tolerance = isFloat ? FLOAT : 'exact';
  const neurons = lavaPopulation(parameters, parameters.n ?? inputs.a_in[0].length, isFloat);
  (inputs.a_in as number[][]).forEach((input, row) => {
    const spikes = neurons.tick(input);
    if (expected.u !== undefined) expectSame(neurons.u, expected.u[row], `u at step ${row + 1}`, tolerance);
    if (expected.v !== undefined) expectSame(neurons.v, expected.v[row], `v at step ${row + 1}`, tolerance);
    expectSame(spikes, expected.s[row].map(Number), `spikes at step ${row + 1}`);
  });
}

function checkNengoLif({ parameters, inputs, expected }: Recording): void {
  const { decay_u, decay_v, vth, refract_delay, bias, vmin, vmax } = parameters;
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
    expectSame(neurons.u, expected.u[row], `u at step ${row + 1}`);
    expectSame(neurons.v, expected.v[row], `v at step ${row + 1}`);
    expectSame(spikes, expected.s[row].map(Number), `spikes at step ${row + 1}`);
  });
}

export const neuronRecordings: Family = { lif: checkLif, nengo_lif: checkNengoLif };
