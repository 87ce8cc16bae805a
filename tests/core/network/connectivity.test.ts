import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { drawDelays, drawValues, synapseCount, walkSynapses } from '../../../core/network/connectivity.ts';
import type { Connectivity } from '../../../core/network/network.ts';
import { log } from '../../../core/program/elementary.ts';
import { integerAt, normalAt, streamOf, uniformAt } from '../../../core/random.ts';
import { problemsOf, withinErrors } from '../../support/near.ts';
import { range } from '../../support/simulate.ts';

const list = (connectivity: Connectivity, nPre: number, nPost: number, same = false, seed = 1, name = 'p'): [number, number][] => {
  const walk = walkSynapses(connectivity, nPre, nPost, same, seed, name);
  const pairs: [number, number][] = [];
  walk((sources, targets, n) => {
    for (let k = 0; k < n; k++) pairs.push([sources[k], targets[k]]);
  });
  let at = 0;
  walk((sources, targets, n) => {
    for (let k = 0; k < n; k++) assert.equal([sources[k], targets[k]], pairs[at++], 'a second walk is the same');
  });
  return pairs;
};
const degrees = (synapses: [number, number][], end: 0 | 1, size: number): number[] =>
  range(0, size - 1).map((neuron) => synapses.filter((synapse) => synapse[end] === neuron).length);
const distinct = (synapses: [number, number][]): number => new Set(synapses.map(String)).size;
const inside = (synapses: [number, number][], nPre: number, nPost: number): boolean =>
  synapses.every(([i, j]) => i >= 0 && i < nPre && j >= 0 && j < nPost);

test('all-to-all is every pair, and leaves out self-connections within one population unless asked', () => {
  assert.equal(list({ kind: 'all-to-all', selfConnections: false }, 2, 3), [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
  assert.equal(list({ kind: 'all-to-all', selfConnections: false }, 3, 3, true), [
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 2],
    [2, 0],
    [2, 1],
  ]);
  assert.is(list({ kind: 'all-to-all', selfConnections: true }, 3, 3, true).length, 9);
});

test('one-to-one joins equal numbers; an explicit list is itself', () => {
  assert.equal(list({ kind: 'one-to-one' }, 3, 3), [
    [0, 0],
    [1, 1],
    [2, 2],
  ]);
  const sources = Int32Array.of(2, 0, 2);
  const targets = Int32Array.of(1, 1, 1);
  assert.equal(list({ kind: 'explicit', sources, targets }, 3, 2), [
    [2, 1],
    [0, 1],
    [2, 1],
  ]);
});

for (const [kind, end] of [
  ['fixed-in-degree', 1],
  ['fixed-out-degree', 0],
] as const) {
  test(`${kind}: exactly that degree, no pair twice, all partners equally likely`, () => {
    const [choosers, partners, degree] = [300, 40, 7];
    const [nPre, nPost] = end === 1 ? [partners, choosers] : [choosers, partners];
    const synapses = list({ kind, degree, selfConnections: false, multapses: false }, nPre, nPost);
    assert.equal(degrees(synapses, end, choosers), Array(choosers).fill(degree));
    assert.is(distinct(synapses), synapses.length);
    assert.ok(inside(synapses, nPre, nPost));
    const p = degree / partners;
    for (const count of degrees(synapses, end === 1 ? 0 : 1, partners)) {
      withinErrors(count, choosers * p, Math.sqrt(choosers * p * (1 - p)), 'times a partner was chosen', 4.5);
    }
  });

  test(`${kind} with multapses: exactly that degree, with repetitions as often as chance makes them`, () => {
    const synapses = list({ kind, degree: 10, selfConnections: false, multapses: true }, 200, 200);
    assert.equal(degrees(synapses, end, 200), Array(200).fill(10));
    // a chooser leaves a given partner out with probability (1 - 1/200)^10
    const kept = 200 * (1 - (1 - 1 / 200) ** 10);
    withinErrors(distinct(synapses), 200 * kept, Math.sqrt(200 * (10 - kept)), 'different pairs');
  });

  test(`${kind} within one population: no self-connections unless asked, and every other neuron is reached`, () => {
    for (const multapses of [false, true]) {
      const synapses = list({ kind, degree: 4, selfConnections: false, multapses }, 5, 5, true);
      assert.equal(
        synapses.filter(([i, j]) => i === j),
        [],
      );
      assert.ok(inside(synapses, 5, 5));
      if (!multapses) assert.is(distinct(synapses), 20, 'a degree of n - 1 is everyone else');
    }
    const full = list({ kind, degree: 5, selfConnections: true, multapses: false }, 5, 5, true);
    assert.is(distinct(full), 25);
  });
}

test('fixed probability: the number of synapses has the mean and variance of independent trials', () => {
  const [nPre, nPost, p] = [20, 30, 0.15];
  const counts = range(1, 400).map((seed) => {
    const synapses = list({ kind: 'fixed-probability', probability: p, selfConnections: false }, nPre, nPost, false, seed);
    assert.is(distinct(synapses), synapses.length);
    assert.ok(inside(synapses, nPre, nPost));
    return synapses.length;
  });
  const [mean, variance] = [nPre * nPost * p, nPre * nPost * p * (1 - p)];
  withinErrors(counts.reduce((s, c) => s + c, 0) / 400, mean, Math.sqrt(variance / 400), 'mean');
  withinErrors(counts.reduce((s, c) => s + (c - mean) ** 2, 0) / 400, variance, variance * Math.sqrt(2 / 400), 'variance');
});

test('fixed probability: every pair is as likely as the others, the first and the last included', () => {
  const [n, p, seeds] = [6, 0.3, 1500];
  const counts = new Float64Array(n * n);
  for (const seed of range(1, seeds)) {
    for (const [i, j] of list({ kind: 'fixed-probability', probability: p, selfConnections: true }, n, n, true, seed)) counts[i * n + j]++;
  }
  for (const count of counts) withinErrors(count / seeds, p, Math.sqrt((p * (1 - p)) / seeds), 'share', 4.5);
});

test('fixed probability: nothing at 0, everything at 1, no self-connections within one population', () => {
  const at = (probability: number, selfConnections: boolean) =>
    list({ kind: 'fixed-probability', probability, selfConnections }, 7, 7, true);
  assert.equal(at(0, true), []);
  assert.is(at(1, true).length, 49);
  assert.is(at(1, false).length, 42);
  assert.equal(
    at(0.9, false).filter(([i, j]) => i === j),
    [],
  );
});

test('a probability too small for a double to tell from none makes no synapse', () => {
  assert.equal(list({ kind: 'fixed-probability', probability: 1e-18, selfConnections: true }, 5, 5), []);
});

/** Sources (0) or targets (1) of large networks, for which `list` would take long. */
function endsOf(end: 0 | 1, connectivity: Connectivity, nPre: number, nPost: number, same: boolean, seed: number): number[] {
  const found: number[] = [];
  walkSynapses(
    connectivity,
    nPre,
    nPost,
    same,
    seed,
    'p',
  )((sources, targets, n) => {
    for (const one of (end === 0 ? sources : targets).subarray(0, n)) found.push(one);
  });
  return found;
}

const sameNumbers = (a: readonly number[], b: readonly number[]): boolean => a.length === b.length && a.every((value, k) => value === b[k]);

/** The definition, draw by draw: chooser c takes partner d as event d of item c; without repetition by Floyd's subset sampling. */
function chosenOneByOne(degree: number, multapses: boolean, choosers: number, partners: number, skipSelf: boolean, seed: number): number[] {
  const stream = streamOf('p/connectivity');
  const pool = partners - (skipSelf ? 1 : 0);
  return range(0, choosers - 1).flatMap((c) => {
    const taken = new Set<number>();
    return range(0, degree - 1).map((d) => {
      const last = pool - degree + d;
      const drawn = integerAt(seed, stream, c, d, multapses ? pool : last + 1);
      const pick = !multapses && taken.has(drawn) ? last : drawn;
      taken.add(pick);
      return skipSelf && pick >= c ? pick + 1 : pick;
    });
  });
}

for (const [kind, end] of [
  ['fixed-in-degree', 0],
  ['fixed-out-degree', 1],
] as const) {
  test(`${kind}: partners are those of the definition, for few and for many draws, on both sides of a block's length`, () => {
    for (const [choosers, partners, degree] of [
      [9, 9, 5],
      [1100, 1100, 40],
      [20, 2053, 2050],
    ]) {
      const [nPre, nPost] = end === 0 ? [partners, choosers] : [choosers, partners];
      const same = choosers === partners;
      for (const multapses of [false, true]) {
        const found = endsOf(end, { kind, degree, selfConnections: false, multapses }, nPre, nPost, same, 2 ** 40 + 3);
        assert.ok(sameNumbers(found, chosenOneByOne(degree, multapses, choosers, partners, same, 2 ** 40 + 3)));
      }
    }
  });
}

test('fixed probability: targets are those of the definition, for few and for many draws, in rows longer than are drawn ahead', () => {
  const stream = streamOf('p/connectivity');
  for (const [nPre, nPost, p] of [
    [5, 40, 0.2],
    [2000, 300, 0.3],
    [30, 9000, 0.5],
    [3, 140_000, 0.6],
  ]) {
    const found = endsOf(1, { kind: 'fixed-probability', probability: p, selfConnections: true }, nPre, nPost, false, 1);
    const expected = range(0, nPre - 1).flatMap((i) => {
      const row: number[] = [];
      for (let j = -1, k = 0; ; k++) {
        j += 1 + Math.floor(log(uniformAt(1, stream, i, k)) / log(1 - p));
        if (j >= nPost) return row;
        row.push(j);
      }
    });
    assert.ok(sameNumbers(found, expected));
  }
});

test('the number of synapses is known beforehand, and expected where chance decides', () => {
  const kinds: Connectivity[] = [
    { kind: 'all-to-all', selfConnections: false },
    { kind: 'all-to-all', selfConnections: true },
    { kind: 'one-to-one' },
    { kind: 'fixed-in-degree', degree: 3, selfConnections: false, multapses: true },
    { kind: 'fixed-out-degree', degree: 3, selfConnections: false, multapses: false },
    { kind: 'explicit', sources: Int32Array.of(0, 1), targets: Int32Array.of(1, 1) },
    { kind: 'fixed-probability', probability: 1, selfConnections: false },
  ];
  for (const [nPre, nPost, same] of [
    [7, 7, true],
    [7, 5, false],
  ] as const) {
    for (const kind of kinds) {
      assert.equal(synapseCount(kind, nPre, nPost, same), { n: list(kind, nPre, nPost, same).length, exact: true }, kind.kind);
    }
  }
  assert.equal(synapseCount({ kind: 'fixed-probability', probability: 0.25, selfConnections: true }, 100, 80, false), {
    n: 2000,
    exact: false,
  });
});

test('values are those of the single addresses, for few and for many synapses', () => {
  for (const n of [9, 50_001]) {
    const uniform = drawValues({ kind: 'uniform', low: -1, high: 3 }, n, 5, 9);
    const normal = drawValues({ kind: 'normal', mean: 2, sd: 0.5, low: 1, high: 3 }, n, 5, 9);
    for (let s = 0; s < n; s += 7) {
      assert.is(uniform[s], -1 + 4 * uniformAt(5, 9, s, 0));
      assert.is(normal[s], Math.min(3, Math.max(1, 2 + 0.5 * normalAt(5, 9, s, 0))));
    }
  }
});

test('networks depend on the seed and on the name of the projection, and on nothing else', () => {
  const of = (seed: number, name: string) =>
    list({ kind: 'fixed-probability', probability: 0.3, selfConnections: true }, 20, 20, false, seed, name);
  assert.equal(of(1, 'a'), of(1, 'a'));
  assert.not.equal(of(1, 'a'), of(2, 'a'));
  assert.not.equal(of(1, 'a'), of(1, 'b'));
});

test('uniform values keep to their bounds and have their mean and variance', () => {
  const values = drawValues({ kind: 'uniform', low: -1, high: 3 }, 20_000, 5, 9);
  assert.ok(values.every((value) => value > -1 && value < 3));
  withinErrors(values.reduce((s, v) => s + v, 0) / 20_000, 1, Math.sqrt(16 / 12 / 20_000), 'mean');
  // the variance of (x - 1)² for a uniform x of width 4 is 4⁴ (1/80 - 1/144)
  withinErrors(values.reduce((s, v) => s + (v - 1) ** 2, 0) / 20_000, 16 / 12, Math.sqrt((256 * (1 / 80 - 1 / 144)) / 20_000), 'variance');
});

test('normal values have their mean and variance, and are cut to their bounds', () => {
  const wide = drawValues({ kind: 'normal', mean: 2, sd: 0.5, low: -1e300, high: 1e300 }, 20_000, 5, 9);
  withinErrors(wide.reduce((s, v) => s + v, 0) / 20_000, 2, 0.5 / Math.sqrt(20_000), 'mean');
  withinErrors(wide.reduce((s, v) => s + (v - 2) ** 2, 0) / 20_000, 0.25, 0.25 * Math.sqrt(2 / 20_000), 'variance');
  const cut = drawValues({ kind: 'normal', mean: 2, sd: 0.5, low: 1.5, high: 2.25 }, 20_000, 5, 9);
  assert.equal(
    cut,
    wide.map((value) => Math.min(2.25, Math.max(1.5, value))),
  );
  // a share of Φ(-1) lies at the lower bound
  withinErrors(cut.filter((v) => v === 1.5).length / 20_000, 0.158655, Math.sqrt((0.158655 * 0.841345) / 20_000), 'at the bound');
});

test('another seed or stream gives other values; a longer list begins with the shorter one', () => {
  const uniform = { kind: 'uniform', low: 0, high: 1 } as const;
  const base = drawValues(uniform, 10, 1, 2);
  assert.equal(drawValues(uniform, 20, 1, 2).slice(0, 10), base);
  assert.not.equal(drawValues(uniform, 10, 2, 2), base);
  assert.not.equal(drawValues(uniform, 10, 1, 3), base);
});

test('delays are whole ticks, rounded to the nearest and at least one', () => {
  assert.equal([...drawDelays({ kind: 'values', values: Float64Array.of(1.4, 1.5, 0.2, -3, 7) }, 5, 1, 1)], [1, 2, 1, 1, 7]);
  const uniform = drawDelays({ kind: 'uniform', low: 0.5, high: 3.5 }, 30_000, 1, 1);
  for (const ticks of [1, 2, 3]) {
    withinErrors(uniform.filter((d) => d === ticks).length / 30_000, 1 / 3, Math.sqrt(2 / 9 / 30_000), `share of ${ticks}`);
  }
});

test('a list of values that does not fit the synapses is the user’s mistake, with both numbers', () => {
  const [problem] = problemsOf(() => drawValues({ kind: 'values', values: new Float64Array(3) }, 4, 1, 1));
  assert.is(problem.code, 'E-RANGE');
  assert.match(problem.message, /3 values.*4 synapses/);
});

test.run();
