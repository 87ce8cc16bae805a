import { cumulativeStdNormalProbability } from 'simple-statistics';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { integerAt, MAX_SEED, normalAt, normalQuantile, philox4x32, shuffledIndices, streamOf, uniformAt } from '../../core/random.ts';

function block(counter: number[], key: number[]): string {
  const out = new Uint32Array(4);
  philox4x32(counter[0], counter[1], counter[2], counter[3], key[0], key[1], out);
  return Array.from(out, (word) => word.toString(16).padStart(8, '0')).join(' ');
}

const ones = 0xffffffff;

test('Philox4x32-10 gives the three known answers published with Random123', () => {
  assert.is(block([0, 0, 0, 0], [0, 0]), '6627e8d5 e169c58d bc57ac4c 9b00dbd8');
  assert.is(block([ones, ones, ones, ones], [ones, ones]), '408f276d 41c83b0e a20bc7c6 6d5451fd');
  assert.is(block([0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344], [0xa4093822, 0x299f31d0]), 'd16cfe09 94fdcceb 5001e420 24126ea1');
});

/** Philox4x32-10 as Salmon et al. define it, in integers without limit; the address laid out as core/random.ts says. */
function wordByDefinition(seed: number, stream: number, item: number, event: number, site: number): number {
  const word = 2n ** 32n;
  const [itemNumber, eventNumber, key] = [BigInt(item), BigInt(event), BigInt(seed)];
  let [k0, k1] = [key % word, key / word];
  let [c0, c1, c2, c3] = [itemNumber / 4n, eventNumber % word, (eventNumber / word) * 65536n + BigInt(site), BigInt(stream)];
  for (let round = 0; round < 10; round++) {
    const [product0, product1] = [c0 * 0xd2511f53n, c2 * 0xcd9e8d57n];
    [c0, c1, c2, c3] = [(product1 / word) ^ c1 ^ k0, product1 % word, (product0 / word) ^ c3 ^ k1, product0 % word];
    [k0, k1] = [(k0 + 0x9e3779b9n) % word, (k1 + 0xbb67ae85n) % word];
  }
  return Number([c0, c1, c2, c3][item % 4]);
}

// [seed, stream, item, event, site] and the 32-bit word there
const golden: [number, number, number, number, number, number][] = [
  [0, 0, 0, 0, 0, 0x6627e8d5],
  [42, 0x811c9dc5, 7, 3, 0, 0xd21b5ba6],
  [42, 0x811c9dc5, 7, 3, 1, 0xe17601a6],
  [42, 0x811c9dc5, 6, 3, 6, 0x821e8ea7],
  [MAX_SEED, ones, ones, 2 ** 48 - 1, 2 ** 16 - 1, 0xbe9d0f31],
  [1, 2, 3, 2 ** 32 + 5, 9, 0x0c27deac],
  [1, 2, 2 ** 31 + 1, 2 ** 32 + 5, 9, 0x6e62f450],
];

test('addresses give the words computed outside of this project for the documented layout', () => {
  for (const [seed, stream, item, event, site, word] of golden) {
    assert.is(uniformAt(seed, stream, item, event, site), (word + 0.5) / 2 ** 32);
    assert.is(integerAt(seed, stream, item, event, 1000, site), Math.floor((word * 1000) / 2 ** 32));
  }
});

test('addresses give the words of Philox by its definition in big integers, up to the ends of every range', () => {
  assert.is(wordByDefinition(0, 0, 0, 0, 0), 0x6627e8d5);
  const ranges = [MAX_SEED, ones, ones, 2 ** 48 - 1, 2 ** 16 - 1];
  for (let n = 0; n < 300; n++) {
    // ends, small numbers and numbers anywhere, in all combinations
    const [seed, stream, item, event, site] = ranges.map((most, i) => {
      const choice = Math.floor(n / 4 ** i) % 4;
      return choice === 0 ? n % 9 : choice === 1 ? most - (n % 9) : Math.floor((most * ((n * 0.618 + i * 0.3) % 1)) / choice);
    });
    const word = wordByDefinition(seed, stream, item, event, site);
    assert.is(uniformAt(seed, stream, item, event, site), (word + 0.5) / 2 ** 32, `${[seed, stream, item, event, site]}`);
  }
});

test('items 4n to 4n+3 are the four words of one block, and every site has its own', () => {
  const out = new Uint32Array(4);
  for (const site of [0, 1, 6]) {
    philox4x32(9, 8, site, 5, 11, 0, out);
    for (let n = 0; n < 4; n++) assert.is(uniformAt(11, 5, 36 + n, 8, site), (out[n] + 0.5) / 2 ** 32);
  }
  philox4x32(10, 8, 0, 5, 11, 0, out);
  assert.is(uniformAt(11, 5, 40, 8), (out[0] + 0.5) / 2 ** 32);
});

test('the normal quantile agrees with the values in the paper of AS 241 and with published table values', () => {
  const published: [number, number][] = [
    [0.25, -0.6744897501960817],
    [0.001, -3.090232306167813],
    [1e-20, -9.262340089798409],
    [0.975, 1.959963984540054],
    [0.95, 1.6448536269514722],
    [0.5, 0],
  ];
  for (const [p, z] of published)
    assert.ok(Math.abs(normalQuantile(p) - z) <= 4e-15 * Math.max(1, Math.abs(z)), `${p}: ${normalQuantile(p)}`);
});

test('the normal quantile is increasing across the seams of its three approximations and symmetric about one half', () => {
  for (const seam of [0.075, 0.925, Math.exp(-25)]) {
    for (const step of [1e-4, 1e-8, 1e-12]) {
      assert.ok(normalQuantile(seam * (1 - step)) < normalQuantile(seam), `below ${seam}`);
      assert.ok(normalQuantile(seam) < normalQuantile(seam * (1 + step)), `above ${seam}`);
    }
  }
  for (const p of [0.25, 0.0625, 2 ** -12, 2 ** -33]) assert.is(normalQuantile(1 - p), -normalQuantile(p));
});

test('a normal draw is the quantile of the uniform draw at the same address, to the last bit', () => {
  for (let item = 0; item < 200; item++) assert.is(normalAt(3, 4, item, 5, 1), normalQuantile(uniformAt(3, 4, item, 5, 1)));
  assert.is(normalAt(42, 0x811c9dc5, 7, 3), 0.9181504610798266);
});

test('1e5 normal draws have the mean, variance and distribution of a standard normal', () => {
  const n = 100_000;
  const stream = streamOf('test normals');
  const draws = Float64Array.from({ length: n }, (_, item) => normalAt(2024, stream, item, 0)).sort();
  let sum = 0;
  let squares = 0;
  let distance = 0;
  for (let i = 0; i < n; i++) {
    sum += draws[i];
    squares += draws[i] * draws[i];
    const cumulative = cumulativeStdNormalProbability(draws[i]);
    distance = Math.max(distance, Math.abs((i + 1) / n - cumulative), Math.abs(cumulative - i / n));
  }
  assert.ok(Math.abs(sum / n) < 4 / Math.sqrt(n), `mean ${sum / n}`);
  assert.ok(Math.abs(squares / n - 1) < 4 * Math.sqrt(2 / n), `variance ${squares / n}`);
  // Kolmogorov-Smirnov at the level 0.001: 1.95 / sqrt(n).
  assert.ok(distance < 1.95 / Math.sqrt(n), `distance ${distance}`);
});

test('uniform draws fill 256 bins evenly and never reach 0 or 1', () => {
  const n = 1 << 16;
  const bins = new Float64Array(256);
  for (let event = 0; event < n; event++) {
    const u = uniformAt(5, 6, 7, event);
    assert.ok(u > 0 && u < 1);
    bins[Math.floor(u * 256)]++;
  }
  const chiSquared = bins.reduce((sum, count) => sum + (count - n / 256) ** 2 / (n / 256), 0);
  // 255 degrees of freedom: mean 255, sd 22.6; within four sd on both sides (too even is also wrong).
  assert.ok(Math.abs(chiSquared - 255) < 4 * 22.6, `${chiSquared}`);
});

test('neighbouring items, events, sites, streams and seeds are uncorrelated', () => {
  const n = 50_000;
  const neighbours: Record<string, (i: number) => number> = {
    item: (i) => uniformAt(1, 2, i + 1, 0),
    event: (i) => uniformAt(1, 2, i, 1),
    site: (i) => uniformAt(1, 2, i, 0, 1),
    block: (i) => uniformAt(1, 2, i + 4, 0),
    stream: (i) => uniformAt(1, 3, i, 0),
    seed: (i) => uniformAt(2, 2, i, 0),
    'high seed': (i) => uniformAt(1 + 2 ** 32, 2, i, 0),
    'high event': (i) => uniformAt(1, 2, i, 2 ** 32),
  };
  for (const [name, draw] of Object.entries(neighbours)) {
    let products = 0;
    for (let i = 0; i < n; i++) products += (uniformAt(1, 2, i, 0) - 0.5) * (draw(i) - 0.5);
    const correlation = (12 * products) / n;
    assert.ok(Math.abs(correlation) < 4 / Math.sqrt(n), `${name}: ${correlation}`);
  }
});

test('whole numbers stay below n, use every value, and stay exact for n beyond 2^31', () => {
  const seen = new Set<number>();
  for (let item = 0; item < 400; item++) seen.add(integerAt(1, 2, item, 0, 10));
  assert.equal([...seen].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  assert.is(integerAt(1, 2, 3, 4, 1), 0);
  const word = BigInt(Math.floor(uniformAt(1, 2, 3, 4) * 2 ** 32));
  assert.is(integerAt(1, 2, 3, 4, 0xfffffffb), Number((word * 0xfffffffbn) >> 32n));
});

test('shuffled indices are a permutation, repeatable, and each index is equally likely to come first', () => {
  const once = shuffledIndices(7, 8, 100);
  assert.equal(
    [...once].sort((a, b) => a - b),
    Array.from({ length: 100 }, (_, i) => i),
  );
  assert.equal(once, shuffledIndices(7, 8, 100));
  assert.not.equal(once, shuffledIndices(8, 8, 100));
  const first = new Float64Array(5);
  for (let seed = 0; seed < 5000; seed++) first[shuffledIndices(seed, 8, 5)[0]]++;
  // Binomial with p = 1/5: mean 1000, sd 28.3.
  for (const count of first) assert.ok(Math.abs(count - 1000) < 4 * 28.3, `${first}`);
  assert.is(shuffledIndices(1, 2, 0).length, 0);
});

test('stream names hash by FNV-1a: the published 32-bit answers', () => {
  assert.is(streamOf(''), 0x811c9dc5);
  assert.is(streamOf('a'), 0xe40c292c);
  assert.is(streamOf('foobar'), 0xbf9cf968);
});

test.run();
