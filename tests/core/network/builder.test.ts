import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import type { NetworkBuilder } from '../../../core/network/builder.ts';
import { network } from '../../../core/network/builder.ts';
import { readNetwork } from '../../../core/network/read-network.ts';
import { buildPlan } from '../../../core/plan/build-plan.ts';
import { ruleLibrary } from '../../../core/plasticity/library/rules.ts';
import { rule } from '../../../core/plasticity/read-rule.ts';
import { complaintsOf } from '../../support/near.ts';
import { start } from '../../support/simulate.ts';

/** What the compiler would refuse, as it would come from JavaScript or JSON. */
const untyped = (value: unknown): never => value as never;

const complaints = (describe: (net: NetworkBuilder) => void): string[] =>
  complaintsOf(() => {
    const net = network();
    describe(net);
    net.freeze();
  });

const lif = { model: 'lif', tauMem: '20 ms', vThreshold: 1 } as const;

test('a number without its unit, a wrong unit, an unknown model and an unknown key are told from each other', () => {
  assert.equal(
    complaints((net) => {
      net.neurons('a', 3, untyped({ model: 'lif', tauMem: 20, vThreshold: 1 }));
      net.neurons('b', 3, untyped({ model: 'liff', tauMem: '20 mV', vThreshold: 1 }));
      net.neurons('c', 3, untyped({ model: 'izhikevich', A: 1 }));
      net.input('d', 3, untyped({ rates: 20 }));
    }),
    [
      'a.tauMem needs a unit - did you mean "20 ms"?',
      'b.model unknown neuron model "liff" - did you mean "lif"? (lif, cubalif, adaptive-lif, ternary-lif, rate-if, resonate-and-fire, sigma-delta, izhikevich)',
      'b.tauMem is a time; "mV" is a voltage',
      'c has an unknown key "A" - did you mean "a"? (name, size, model, integrator, a, b, c, d, competition, tunable)',
      'd.rates needs a unit - did you mean "20 Hz"?',
    ],
  );
});

test('one population keeps to voltages or to plain numbers for its membrane', () => {
  assert.equal(
    complaints((net) => net.neurons('a', 1, { ...lif, vThreshold: '-50 mV', vRest: 0 })),
    [
      'a mixes voltages and plain numbers for the membrane: vRest is a number, vThreshold is a voltage\n' +
        '  give all membrane values as voltages, or all as numbers normalised to the threshold',
    ],
  );
  network().neurons('a', 1, { ...lif, vThreshold: '-50 mV', vRest: '-65 mV' });
});

test('sizes, ranges and missing parameters are reported with the place and what is allowed', () => {
  assert.equal(
    complaints((net) => {
      net.neurons('a', 0, { ...lif, noise: -1 });
      net.neurons('b', 2, untyped({ model: 'lif', vThreshold: [1, 2, 3], tauMem: '0 ms' }));
      net.neurons('c', 1.5, untyped({ model: 'lif', tauMem: '20 ms' }));
    }),
    [
      'a.size is 0, but must be at least 1',
      'a.noise is -1, but must be at least 0',
      'b.tauMem is 0 ms, but must be more than 0',
      'b.vThreshold has 3 values for 2 neurons',
      'c.size needs a whole number, not 1.5',
      'c.vThreshold is missing; it needs a voltage such as "-50 mV", or a plain number (a spike is fired above this value)',
    ],
  );
});

test('tunable parameters must exist, and must not have been used up when the plan was built', () => {
  assert.equal(
    complaints((net) => net.neurons('a', 1, { ...lif, tunable: ['tauMem', 'gain'] })),
    [
      'a.tunable "tauMem" cannot change during a run: other values are computed from it when the plan is built',
      'a.tunable names "gain", which is no parameter of lif (tauMem, vRest, vThreshold, vReset, vInitial, resistance)',
    ],
  );
});

test('everything wrong with the projections is found in one go', () => {
  const found = complaints((net) => {
    const s = net.input('s', 3);
    const a = net.neurons('a', 4, lif);
    net.connect(s, a, untyped({ weight: 1, delay: '0.5 ms', conect: 'one-to-one' }));
    net.connect(a, s, { weight: 1 });
    net.connect(s, a, untyped({ name: 'x', connect: 'one-to-one', weight: [1, 'a'] }));
    net.connect(s, a, { name: 'y', connect: { kind: 'fixed-in-degree', degree: 4 }, weight: 1, port: 'delt', rule: 'pair-sdtp' });
    net.connect(s, a, { name: 'z', connect: { kind: 'explicit', sources: [0, 3], targets: [0] }, weight: { uniform: [2, 1] } });
    net.connect(s, a, untyped({ name: 'v', weight: { normal: { sd: -1 } } }));
    net.connect(s, a, untyped({ name: 'u', weight: { foo: 1 } }));
    net.connect(s, a, { name: 't', weight: Float64Array.of(1, Number.NaN) });
  });
  assert.equal(found, [
    's-a.delay is 0.5 ms, but a delay lasts at least one tick (1 ms)\n  give a longer delay or a shorter dt',
    's-a has an unknown key "conect" - did you mean "connect"? (pre, post, name, port, connect, weight, delay, rule)',
    'a-s.post "s" is a source of spikes; nothing can be connected to it',
    'x.connect.kind needs populations of one size, not 3 and 4',
    'x.weight is a voltage such as "20 mV"; "a" does not start with a number',
    'y.port unknown input port "delt" - did you mean "delta"? (delta, current)',
    'y.connect.degree is 4, but must be at most 3',
    `y.rule unknown rule "pair-sdtp" - did you mean "pair-stdp"? (${Object.keys(ruleLibrary).join(', ')})`,
    'z.connect.sources names neuron 3; the population has 0 … 2',
    'z.connect.targets has 1 targets for 2 sources',
    'z.weight.uniform has its bounds the wrong way round\n  the lower one comes first',
    'v.weight.normal.mean is missing',
    'v.weight.normal.sd is a standard deviation, and cannot be negative',
    'u.weight.normal is missing; it needs an object',
    'u.weight has an unknown key "foo" (uniform, normal)',
    't.weight is NaN for synapse 1',
  ]);
});

test('a neuron alone has nobody else to connect to, however often', () => {
  const [complaint] = complaints((net) => {
    const a = net.neurons('a', 1, lif);
    net.connect(a, a, { connect: { kind: 'fixed-in-degree', degree: 1, multapses: true }, weight: 1 });
  });
  assert.is(complaint, 'a-a.connect.degree is 1, but must be at most 0');
});

test('delays may scatter by less than a tick', () => {
  const net = network({ dt: '1 ms' });
  const s = net.input('s', 1);
  const a = net.neurons('a', 1000, lif);
  net.connect(s, a, { weight: 1, delay: { normal: { mean: '3 ms', sd: '0.9 ms', low: '2 ms' } } });
  const { rowDelay } = buildPlan(net.freeze(), ideal()).projections[0].table;
  assert.ok(rowDelay.length > 2 && rowDelay.every((delay) => delay >= 2), `${rowDelay}`);
});

test('a list of weights of the wrong length is the user’s mistake, found when the synapses are known', () => {
  const net = network();
  net.connect(net.input('s', 2), net.neurons('a', 2, lif), { weight: [1, 2, 3] });
  const description = net.freeze();
  assert.equal(
    complaintsOf(() => buildPlan(description, ideal())),
    [
      'the weight of s-a has 3 values for 4 synapses\n' +
        '  a list needs one value per synapse: in the order of an explicit list, else by source, then target',
    ],
  );
});

test('a name used twice is reported for populations and for projections', () => {
  assert.equal(
    complaints((net) => {
      const s = net.input('s', 1);
      const a = net.neurons('a', 1, lif);
      net.neurons('a', 1, lif);
      net.connect(s, a, { weight: 1 });
      net.connect(s, a, { weight: 2 });
    }),
    [
      'populations[2] uses the name "a" a second time\n  give each its own name',
      'projections[1] uses the name "s-a" a second time\n  give each its own name',
    ],
  );
});

test('settings of the network are checked like everything else', () => {
  assert.equal(
    complaintsOf(() => network(untyped({ dt: '0 ms', seed: -1, precision: 'f16', sed: 1 })).freeze()),
    [
      'dt is 0 ms, but must be more than 0 ms',
      'seed is -1, but must be at least 0',
      'precision unknown precision "f16" - did you mean "f64"? (f64, f32)',
      'unknown key "sed" - did you mean "seed"? (dt, seed, precision)',
    ],
  );
  assert.equal(
    complaintsOf(() => network({ seed: 0.5 }).freeze()),
    ['seed needs a whole number, not 0.5'],
  );
});

test('a probe names a population and a state variable that are there', () => {
  const [complaint] = complaints((net) => net.record(net.neurons('a', 1, lif), 'u', { every: '1 ms' }));
  assert.is(complaint, 'probe of a.variable unknown state variable "u" - did you mean "v"? (v)');
});

test('a frozen network cannot be changed, down to its parameters and rules', () => {
  const net = network();
  const s = net.input('s', 2);
  const a = net.neurons('a', 2, lif);
  net.connect(s, a, { weight: 0.5, rule: rule({ parameters: { rate: 1 }, onPre: 'w += rate' }) });
  const frozen = net.freeze() as never as Record<string, never>;
  const visit = (value: unknown, path: string): void => {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return;
    assert.ok(Object.isFrozen(value), path);
    for (const [key, part] of Object.entries(value)) visit(part, `${path}.${key}`);
  };
  visit(frozen, 'network');
  assert.throws(() => Object.assign(frozen, { dt: 1 }), /read only/);
});

test('a builder may go on after a freeze; the frozen network stays what it was', () => {
  const net = network();
  net.neurons('a', 1, lif);
  const first = net.freeze();
  net.neurons('b', 1, lif);
  assert.equal(
    first.populations.map(({ name }) => name),
    ['a'],
  );
  assert.equal(
    net.freeze().populations.map(({ name }) => name),
    ['a', 'b'],
  );
});

test('code and JSON describe the same network', () => {
  const net = network({ dt: '0.5 ms', seed: 3 });
  const s = net.input('s', 2, { rates: '20 Hz' });
  const a = net.neurons('a', 3, lif);
  net.connect(s, a, { weight: { uniform: [0, 1] }, delay: '2 ms', rule: 'pair-stdp' });
  net.record(a, 'spikes');
  const problems: never[] = [];
  const read = readNetwork(
    {
      dt: '0.5 ms',
      seed: 3,
      populations: [
        { name: 's', size: 2, source: 'poisson', rates: '20 Hz' },
        { name: 'a', size: 3, ...lif },
      ],
      projections: [{ pre: 's', post: 'a', weight: { uniform: [0, 1] }, delay: '2 ms', rule: 'pair-stdp' }],
      probes: [{ spikes: 'a' }],
    },
    'network',
    problems,
  );
  assert.equal(problems, []);
  assert.equal(net.freeze(), read);
  assert.is(read.dt, 0.0005);
  assert.equal(read.projections[0].delay, { kind: 'constant', value: 4 });
});

test('names may begin with a digit and hold any letter', () => {
  const net = network();
  const s = net.input('0 input', 1, { times: ['1 ms'], neurons: [0] });
  const a = net.neurons('2nd-λ', 1, lif);
  net.connect(s, a, { name: '1:1', weight: 2, rule: 'pair-stdp' });
  const simulation = start(net);
  simulation.run(2);
  assert.equal([...simulation.spikeCounts('2nd-λ')], [1]);
});

test.run();
