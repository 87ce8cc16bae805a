import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ideal } from '../../../chips/ideal/ideal.ts';
import { loihiLike } from '../../../chips/loihi-like/loihi-like.ts';
import { memristorCrossbar } from '../../../chips/memristor-crossbar/memristor-crossbar.ts';
import type { ChipBackend } from '../../../core/chip-contract.ts';
import { projectionFields } from '../../../core/kernel/shard-projection.ts';
import { network } from '../../../core/network/builder.ts';
import type { Network } from '../../../core/network/network.ts';
import { buildPlan, estimateMemory } from '../../../core/plan/build-plan.ts';
import { bytesEach, machineMemory } from '../../../core/plan/memory-need.ts';
import type { Plan } from '../../../core/plan/plan.ts';
import { planArena } from '../../../core/typed-arrays-utils.ts';
import { explainMemory } from '../../../workers/explain.ts';
import { problemsOf } from '../../support/near.ts';

type Connect = Parameters<ReturnType<typeof network>['connect']>[2];

function of(options: Connect, { pre = 2000, post = 1500, precision = 'f32' as 'f32' | 'f64' } = {}): Network {
  const net = network({ dt: '1 ms', seed: 1, precision });
  const input = net.input('input', pre);
  const out = net.neurons('out', post, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(input, out, { name: 'p', ...options });
  return net.freeze();
}

const runningBytes = (plan: Plan): number => plan.projections.reduce((sum, one) => sum + planArena(projectionFields(one)).bytes, 0);

/** Bytes of all arrays that a plan holds of its projections. */
function keptBytes(plan: Plan): number {
  const arrays = plan.projections.flatMap(({ table, reverse, lowered }) => [
    ...Object.values(table),
    ...Object.values(reverse ?? {}),
    ...lowered.variables.map(({ initial }) => initial),
  ]);
  return arrays.reduce((sum: number, array) => sum + (ArrayBuffer.isView(array) ? array.byteLength : 0), 0);
}

/** Bytes of lists whose length does not depend on the network. */
const SMALL = 40_000;

const sparse = { kind: 'fixed-in-degree', degree: 100, multapses: true } as const;

const NETWORKS: Readonly<Record<string, { net: Network; chips: readonly ChipBackend[] }>> = {
  'one constant weight': { net: of({ weight: 0.1, connect: sparse }), chips: [ideal(), loihiLike()] },
  'drawn weights': { net: of({ weight: { uniform: [0, 1] }, connect: sparse }), chips: [ideal(), loihiLike()] },
  'drawn delays': { net: of({ weight: 0.1, connect: sparse, delay: { uniform: ['1 ms', '9 ms'] } }), chips: [ideal(), loihiLike()] },
  'double precision': { net: of({ weight: { normal: { mean: 1, sd: 0.1 } }, connect: sparse }, { precision: 'f64' }), chips: [ideal()] },
  'pair STDP': { net: of({ weight: 0.1, rule: 'pair-stdp', connect: sparse }), chips: [ideal(), loihiLike()] },
  'pair STDP, all to all': {
    net: of({ weight: 0.1, rule: 'pair-stdp' }, { pre: 300, post: 200 }),
    chips: [ideal(), loihiLike(), memristorCrossbar()],
  },
  'reward and eligibility': { net: of({ weight: 0.1, rule: 'r-stdp', connect: sparse }), chips: [ideal(), loihiLike()] },
  'more targets than 16 bits': {
    net: of({ weight: 0.1, connect: sparse, rule: 'pair-stdp' }, { pre: 700, post: 70_000 }),
    chips: [ideal()],
  },
  'fixed probability': { net: of({ weight: 0.1, connect: { kind: 'fixed-probability', probability: 0.05 } }), chips: [ideal()] },
};

for (const [name, { net, chips }] of Object.entries(NETWORKS)) {
  for (const chip of chips) {
    test(`${name} on ${chip.profile.name}: the estimate from the sizes is what comes out, or a little more`, () => {
      const { projections } = estimateMemory(net, chip);
      const plan = buildPlan(net, chip);
      const [running, kept] = [runningBytes(plan), keptBytes(plan)];
      const [{ running: runningNeed, kept: keptNeed, synapses, exact }] = projections;
      const { nSynapses } = plan.projections[0].table;
      // chance: four standard deviations
      const margin = exact ? 0 : 4 / Math.sqrt(synapses);
      assert.ok(Math.abs(nSynapses - synapses) <= margin * synapses, `${synapses} synapses, came out ${nSynapses}`);
      const about = (need: number, came: number): void => {
        assert.ok(need >= came * (0.98 - margin) - SMALL, `estimate ${need}, came out ${came}`);
        assert.ok(need <= came * (1.25 + margin) + SMALL, `estimate ${need}, came out ${came}`);
      };
      about(runningNeed, running);
      about(keptNeed, kept);
    });
  }
}

test('per synapse at most 4 bytes with one constant weight, 8 with its own, 16 with pair STDP', () => {
  const each = (options: Connect): number => bytesEach(estimateMemory(of(options, { pre: 2000, post: 1000 }), ideal()).projections[0]);
  const delay = '1.5 ms';
  assert.ok(each({ weight: 0.1, delay }) <= 4);
  assert.ok(each({ weight: { uniform: [0, 1] }, delay }) <= 8);
  assert.ok(each({ weight: 0.1, rule: 'pair-stdp', delay }) <= 16);
});

/** 10^10 synapses: nothing of it could be allocated here, so an answer shows that nothing was. */
const huge = (degree: number): Network =>
  of({ weight: 0.1, connect: { kind: 'fixed-in-degree', degree, multapses: true } }, { pre: 1e6, post: 1e6 });

test('a network that would not fit is refused with the figures, before anything is drawn', () => {
  const [problem] = problemsOf(() => buildPlan(huge(2000), ideal(), 8 * 2 ** 30));
  assert.is(problem.code, 'E-MEMORY');
  assert.match(
    problem.message,
    /^the network needs about 15\.\d GiB and this machine has 8\.00 GiB: projection p alone 14\.\d GiB for 2\.00e\+9 synapses, 4\.\d bytes each while it runs and 4\.\d in the plan$/,
  );
});

test('more synapses than 32 bits can number are refused on any machine', () => {
  const [problem] = problemsOf(() => buildPlan(huge(10_000), ideal(), 2 ** 60));
  assert.is(problem.code, 'E-SYNAPSES');
  assert.match(problem.message, 'projection p would have 1.00e+10 synapses');
});

test('a network that fits by what its chip keeps is built, even if another chip might keep more', () => {
  const net = of({ weight: 0.1, connect: sparse });
  const { bytes } = estimateMemory(net, ideal());
  assert.is(buildPlan(net, ideal(), bytes).projections[0].table.nSynapses, 150_000);
  assert.is(problemsOf(() => buildPlan(net, ideal(), bytes - 1))[0].code, 'E-MEMORY');
});

test('the memory is printed per projection and whole, from the sizes alone', () => {
  const text = explainMemory(huge(1000), ideal());
  assert.match(text, /^Ideal: at most 7\.\d+ GiB of [\d.]+ [KMG]iB, without Node's own 70 MB\n/);
  assert.match(
    text,
    /\nprojection p: 1000000000 synapses, 3\.\d+ GiB running, 4\.\d bytes each, 3\.\d+ GiB in the plan, 3\.8 MiB while it is drawn$/,
  );
  assert.ok(machineMemory() > 2 ** 28);
});

test.run();
