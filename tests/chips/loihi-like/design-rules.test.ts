import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import type { LoihiOptions } from '../../../chips/loihi-like/switches.ts';
import { UserError } from '../../../core/errors.ts';
import type { ConnectOptions, NeuronOptions } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import type { Network } from '../../../core/network/network.ts';
import { buildPlan, checkDeployment } from '../../../core/plan/build-plan.ts';

const lif = { model: 'lif', tauMem: '20 ms', vThreshold: 1 } as const;

function one(neurons: NeuronOptions, connect: Partial<ConnectOptions> = {}, size = 2): Network {
  const net = network({ dt: '1 ms', seed: 1 });
  const source = net.input('in', 2, { rates: '10 Hz' });
  const out = net.neurons('out', size, neurons);
  net.connect(source, out, { name: 'p', weight: 0.5, ...connect });
  return net.freeze();
}

const findings = (description: Network, options: LoihiOptions = {}): string[] =>
  checkDeployment(description, loihiLike(options)).findings.map(
    ({ severity, designRule, code, message }) => `${severity} ${designRule} ${code}: ${message}`,
  );

/** Signed neurons whose spikes a rule gathers in a graded trace. */
function signed(): Network {
  const net = network({ dt: '1 ms', seed: 1 });
  const rates = { model: 'rate-if', integrator: 'euler', tauMem: '1 ms', vThreshold: 1, floor: -1, ceiling: 1 } as const;
  const pre = net.neurons('errors', 2, { ...rates, spikes: 'signed' });
  const post = net.neurons('values', 2, rates);
  net.connect(pre, post, { name: 'back', weight: 0.01, rule: 'pc-feedback' });
  return net.freeze();
}

const REPORTED: readonly [string, Network, string, LoihiOptions?][] = [
  [
    'a model without an integer form',
    one({ model: 'izhikevich' }),
    'error neuron-model E-LOIHI-NEURON: population out: the model "izhikevich" has no integer form here; lif, cubalif, ternary-lif, adaptive-lif, resonate-and-fire, sigma-delta, rate-if have',
  ],
  [
    'a soft reset',
    one({ ...lif, resetTo: 'subtraction' }),
    'warning neuron-microcode W-LOIHI-MICROCODE: population out: reset by subtraction needs a neuron in microcode (Loihi 2); Loihi 1 has no such field',
  ],
  [
    'a graded trace of signed spikes',
    signed(),
    'warning trace-range W-LOIHI-GRADED-SIGNS: projection back, rule pc-feedback: trace x1 (x1) takes half of what a spike carries, rounded to an even number, and spikes of +1 and -1 leave nothing in it',
  ],
  [
    'a soft reset on Loihi 1',
    one({ ...lif, resetTo: 'subtraction' }),
    'error neuron-microcode E-LOIHI-MICROCODE: population out: reset by subtraction needs a neuron in microcode (Loihi 2); Loihi 1 has no such field',
    { generation: 'loihi-1' },
  ],
  [
    'a reset value of its own',
    one({ ...lif, vReset: 0.2 }),
    'warning neuron-microcode W-LOIHI-MICROCODE: population out: a reset value other than the resting value needs a neuron in microcode (Loihi 2); Loihi 1 has no such field',
  ],
  [
    'a floor',
    one({ ...lif, floor: -1 }),
    'warning neuron-microcode W-LOIHI-MICROCODE: population out: a floor of the membrane needs a neuron in microcode (Loihi 2); Loihi 1 has no such field',
  ],
  [
    'competition',
    one({ ...lif, competition: { inhibition: 1 } }),
    'warning neuron-microcode W-LOIHI-MICROCODE: population out: winner-take-all within a tick needs a neuron in microcode (Loihi 2); Loihi 1 has no such field',
  ],
  [
    'escape noise',
    one({ ...lif, spiking: 'escape', escapeRate: '10 Hz', escapeWidth: 0.1 }),
    'warning neuron-microcode W-LOIHI-MICROCODE: population out: firing with a probability (escape noise) needs a neuron in microcode (Loihi 2); Loihi 1 has no such field',
  ],
  [
    'two synaptic time constants',
    one({ model: 'cubalif', tauMem: '20 ms', tauExc: '5 ms', tauInh: '8 ms', vThreshold: 1 }),
    'info two-compartments I-LOIHI-COMPARTMENTS: population out: two currents with different time constants take two compartments per neuron',
  ],
  [
    'a long refractory period',
    one({ ...lif, refractory: '70 ms' }),
    'error refractory-range E-LOIHI-REFRACTORY: population out: refractory for 70 ticks, but the counter holds at most 62',
  ],
  [
    'a slow membrane',
    one({ ...lif, tauMem: '3 s' }),
    'warning decay-resolution W-LOIHI-DECAY: population out: tauMem is so long that its decay per tick, in steps of 1/4096, is off by 27 %',
  ],
  [
    'a threshold below rest',
    one({ ...lif, vThreshold: -1 }),
    'error threshold-range E-LOIHI-THRESHOLD: population out: the threshold lies below the resting value; a threshold mantissa is never negative',
  ],
  [
    'a threshold too far away',
    one({ ...lif, vThreshold: 1e6 }),
    'error threshold-range E-LOIHI-THRESHOLD: population out: the threshold is 3984375 weight units above rest, but its mantissa ends at 131071',
  ],
  [
    'a threshold near rest',
    one({ ...lif, vThreshold: 0.003 }),
    'warning threshold-range W-LOIHI-THRESHOLD: population out: the threshold is 1.53 weight units above rest and is rounded to 2, off by 31 %',
  ],
  [
    'many thresholds',
    one({ ...lif, tunable: ['vThreshold'] }, {}, 20),
    'info threshold-profiles I-LOIHI-PROFILES: population out: up to 20 different thresholds; Loihi 1 keeps 8 per core, Loihi 2 one per neuron',
  ],
  [
    'noise between two powers of two',
    one({ ...lif, noise: 0.1 }),
    'info noise-amplitude I-LOIHI-NOISE: population out: noise of 0.1 becomes 0.0722 for all neurons: the chip has uniform noise in powers of two, shared by a core',
  ],
  [
    'a port that does nothing',
    one({ ...lif, resistance: 0 }, { port: 'current' }),
    'error port-gain E-LOIHI-GAIN: population out: what port "current" adds to the membrane is 0; integer weights of a projection share one positive scale',
  ],
  [
    'a long delay',
    one(lif, { delay: '64 ms' }),
    'error delay-range E-LOIHI-DELAY: projection p: a delay of 64 ticks, but the delay field ends at 63',
  ],
  [
    'a delay that costs compartments',
    one(lif, { delay: '20 ms' }),
    'info delay-range I-LOIHI-DELAY: projection p: delays up to 20 ticks; above 9 a core keeps fewer compartments (by how many is not published)',
  ],
  [
    'initial weights outside the bounds',
    one(lif, { weight: [0.1, 0.2, 0.3, 1.5], rule: 'pair-stdp' }),
    'warning weight-resolution W-LOIHI-CLIPPED: projection p: 1 of 4 initial weights lie outside what the format holds and are clipped',
  ],
  [
    'weights that vanish',
    one(lif, { weight: [1, 0.001, 0.001, 0.5] }),
    'warning weight-resolution W-LOIHI-VANISHED: projection p: 2 of 4 weights become zero, rms error 0.0012',
  ],
];

test('a membrane that is not meant to leak is none that decays too coarsely', () => {
  const findings = checkDeployment(one({ ...lif, tauMem: '1000000 s' }), loihiLike()).findings;
  assert.equal(
    findings.filter(({ code }) => code === 'W-LOIHI-DECAY'),
    [],
  );
});

for (const [what, description, message, options] of REPORTED) {
  test(`reported: ${what}`, () => {
    const found = findings(description, options);
    assert.ok(found.includes(message), `\n${found.join('\n')}`);
  });
}

test('a port whose effect differs between neurons cannot share integer weights', () => {
  const description = one(lif, { port: 'current' });
  const populations = description.populations.map((population) =>
    population.name === 'out'
      ? { ...population, parameters: { ...population.parameters, tauMem: Float64Array.of(0.01, 0.02) } }
      : population,
  );
  assert.ok(
    findings({ ...description, populations }).includes(
      'error port-gain E-LOIHI-GAIN: population out: what port "current" adds to the membrane differs between its neurons; integer weights of a projection share one positive scale',
    ),
  );
});

test('a plain network on Loihi 1 has nothing to report', () => {
  assert.equal(findings(one(lif), { generation: 'loihi-1' }), []);
});

test('a broken design rule stops the plan with the chip and the rule named, a warning does not', () => {
  const description = one({ ...lif, resetTo: 'subtraction' });
  buildPlan(description, loihiLike());
  assert.throws(
    () => buildPlan(description, loihiLike({ generation: 'loihi-1' })),
    (error: unknown) => error instanceof UserError && error.message.includes('Loihi 1 has no such field [loihi-like: neuron-microcode]'),
  );
});

test('more input axons than a core has are reported with both numbers', () => {
  const net = network({ dt: '1 ms' });
  const source = net.input('in', 4100, { rates: '10 Hz' });
  const out = net.neurons('out', 1, lif);
  net.connect(source, out, { weight: 0.5 });
  assert.equal(findings(net.freeze()), [
    'error core-resources E-LOIHI-RESOURCES: core 0 (out 0-0): 4100 input axons needed, 4096 there, 4 too many',
  ]);
});

test('every design rule has a name of its own', () => {
  const names = loihiLike().designRules.map(({ name }) => name);
  assert.is(new Set(names).size, names.length);
  assert.is(names.length, 27);
});

const BAD: readonly [LoihiOptions, string][] = [
  [{ rounding: 'up' as 'nearest' }, 'loihiLike.rounding unknown rounding "up" (independent, nearest, never-up, lava-stream, tape, none)'],
  [{ weightBits: 10 }, 'loihiLike.weightBits is 10, but must be at most 9'],
  [{ chips: 0 }, 'loihiLike.chips is 0, but must be at least 1'],
  [{ impulses: { x1: 300 } }, 'loihiLike.impulses.x1 is 300, but must be at most 127'],
  [{ roundin: 'nearest' } as LoihiOptions, 'loihiLike has an unknown key "roundin" - did you mean "rounding"?'],
];

for (const [options, message] of BAD) {
  test(`refused: ${JSON.stringify(options)}`, () => {
    assert.throws(
      () => loihiLike(options),
      (error: unknown) => error instanceof UserError && error.message.startsWith(message),
    );
  });
}

test.run();
