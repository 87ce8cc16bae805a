/** Contrast cells, sliding kernels, pooling and the competition, each against the plain definition; and what the two rules do to a kernel. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ruleLibrary } from '../../../core/plasticity/library/rules.ts';
import { streamOf, uniformAt } from '../../../core/random.ts';
import { contrastCells, differenceOfGaussians } from '../../../experiments/convolution/contrast.ts';
import { firstSpikes, winnersOf } from '../../../experiments/convolution/features.ts';
import type { SpikeMap } from '../../../experiments/convolution/spike-map.ts';
import { byTick, NEVER, patchAt, pooled } from '../../../experiments/convolution/spike-map.ts';
import { forcedSpikes, PLASTIC } from '../../../experiments/verify/forced-spikes.ts';
import { near } from '../../support/near.ts';

const BINS = 5;
const STREAM = streamOf('tests/convolution');
const drawn = (item: number, event = 0): number => uniformAt(1, STREAM, item, event);

/** A map in which two of three places are silent. */
function someSpikes(rows: number, columns: number, maps: number): SpikeMap {
  const ticks = Uint8Array.from({ length: rows * columns * maps }, (_, k) => (drawn(k) < 2 / 3 ? NEVER : Math.floor(drawn(k, 1) * BINS)));
  return { rows, columns, maps, ticks };
}

test('a difference of Gaussians sums to nothing, is 1 in the middle and turns its sign with the contrast', () => {
  for (const width of [3, 7, 13]) {
    const [on, off] = [differenceOfGaussians(width, 1), differenceOfGaussians(width, -1)];
    near(
      on.values.reduce((sum, value) => sum + value, 0),
      0,
      1e-12,
    );
    assert.is(on.values[(width * width - 1) / 2], 1);
    const shape = on.values.map((value) => value / Math.max(...on.values.map((one) => -one)));
    for (const [k, value] of off.values.entries()) near(value, -shape[k], 1e-12);
  }
});

test('contrast cells: an edge is seen from both sides, a uniform image only at its border, every tick has as many spikes', () => {
  const options = { rows: 12, columns: 12, filters: [3], contrast: 50, neighbourhood: 8, bins: BINS };
  const edge = Uint8Array.from({ length: 144 }, (_, k) => (k % 12 >= 4 && k % 12 < 8 ? 255 : 0));
  const { ticks } = contrastCells(options)(edge, 0);
  // away from the ends of the bar
  const middle = Array.from({ length: 72 }, (_, k) => 36 + k);
  const columnsOf = (map: number): number[] => middle.filter((k) => ticks[2 * k + map] !== NEVER).map((k) => k % 12);
  assert.equal([...new Set(columnsOf(0))].sort(), [4, 7]);
  assert.equal([...new Set(columnsOf(1))].sort(), [3, 8]);
  const { from } = byTick({ rows: 12, columns: 12, maps: 2, ticks }, BINS);
  const perTick = Array.from({ length: BINS }, (_, t) => from[t + 1] - from[t]);
  assert.ok(Math.max(...perTick.slice(0, -1)) - Math.min(...perTick) <= 0);
  assert.ok(perTick[BINS - 1] < perTick[0] + BINS);
  // a dimmer image has fewer contrasts above the threshold, and none elsewhere; a very dim one has none
  const dimmed = (by: number): Uint8Array =>
    contrastCells(options)(
      edge.map((grey) => grey / by),
      0,
    ).ticks;
  assert.ok(dimmed(2).some((tick) => tick !== NEVER));
  assert.ok(dimmed(2).every((tick, k) => tick === NEVER || ticks[k] !== NEVER));
  assert.ok(dimmed(12).every((tick) => tick === NEVER));
});

test('first spikes, potentials, pooling and patches are what their definitions say', () => {
  const [input, shape] = [someSpikes(6, 7, 3), { side: 3, padding: 1, threshold: 3.5, bins: BINS, features: 4 }];
  const weights = Float64Array.from({ length: 9 * 3 * 4 }, (_, k) => drawn(k, 2));
  const out = firstSpikes(input, weights, shape);
  assert.equal([out.rows, out.columns, out.maps], [6, 7, 4]);
  let spikes = 0;
  for (let row = 0; row < 6; row++) {
    for (let column = 0; column < 7; column++) {
      for (let f = 0; f < 4; f++) {
        const potentialAt = (t: number): number =>
          patchAt(input, { row, column }, shape, t).reduce((sum, i) => sum + weights[i * 4 + f], 0);
        const first = Array.from({ length: BINS }, (_, t) => t).find((t) => potentialAt(t) >= 3.5);
        const k = (row * 7 + column) * 4 + f;
        assert.is(out.ticks[k], first ?? NEVER);
        if (first === undefined) continue;
        spikes++;
        near(out.potentials[k], potentialAt(first), 1e-12);
      }
    }
  }
  assert.ok(spikes > 10 && spikes < 100, `${spikes} of 168 spike`);
  const squares = pooled(out, 2);
  assert.equal([squares.rows, squares.columns, squares.maps], [3, 3, 4]);
  squares.ticks.forEach((tick, k) => {
    const [f, x, y] = [k % 4, Math.floor(k / 4) % 3, Math.floor(k / 12)];
    const four = [0, 1].flatMap((dy) => [0, 1].map((dx) => out.ticks[((2 * y + dy) * 7 + 2 * x + dx) * 4 + f]));
    assert.is(tick, Math.min(...four));
  });
});

test('winners: the earliest, then the highest; each feature once, and none beside another', () => {
  const map = { ...someSpikes(9, 9, 5), potentials: Float64Array.from({ length: 405 }, (_, k) => drawn(k, 3)) };
  const winners = winnersOf(map, 4, 1);
  assert.is(winners.length, 4);
  const earliest = Math.min(...map.ticks);
  const highest = Math.max(...map.potentials.filter((_, k) => map.ticks[k] === earliest));
  const { row, column, feature, tick } = winners[0];
  assert.is(tick, earliest);
  assert.is(map.potentials[(row * 9 + column) * 5 + feature], highest);
  for (const [n, one] of winners.entries()) {
    for (const other of winners.slice(0, n)) {
      assert.is.not(one.feature, other.feature);
      assert.ok(Math.abs(one.row - other.row) > 1 || Math.abs(one.column - other.column) > 1);
      assert.ok(one.tick >= other.tick);
    }
  }
});

/** Weights of two neurons' four synapses after they were told; the first two inputs have spiked. */
function told(name: string, modulator: string, value: number, weight: number): number[] {
  const simulation = forcedSpikes(ruleLibrary[name], [[3], [4], [], []], [[], []], { connect: 'all-to-all', weight });
  simulation.run(6);
  simulation.modulate(PLASTIC, { [modulator]: Float64Array.of(value, 0) });
  return [...simulation.weights(PLASTIC)];
}

test('stdp-conv moves the winner alone, up by w(1 - w) where the input spiked and down by three quarters of it elsewhere', () => {
  for (const w of [0.2, 0.8]) {
    const [up, down] = [w + 0.1 * w * (1 - w), w - 0.075 * w * (1 - w)];
    const weights = told('stdp-conv', 'win', 0.1, w);
    for (const [k, expected] of [up, w, up, w, down, w, down, w].entries()) near(weights[k], expected, 1e-15);
  }
});

test('an input that spikes in more than three of seven wins of its neuron ends at 1, in fewer at 0', () => {
  const trials = 4000;
  for (const [share, end] of [
    [0.5, 1],
    [0.36, 0],
  ]) {
    const rule = ruleLibrary['stdp-conv'];
    const simulation = forcedSpikes(rule, [[]], [[]], { connect: 'all-to-all', weight: 0.5 });
    const silent = forcedSpikes(rule, [[2]], [[]], { connect: 'all-to-all', weight: 0.5 });
    simulation.run(3);
    silent.run(3);
    // the rule is the same for both: what differs is whether the trace is up
    let w = 0.5;
    const [up, down] = [silent, simulation].map((one) => {
      one.modulate(PLASTIC, { win: Float64Array.of(0.05) });
      return one.weights(PLASTIC)[0] / 0.5 - 1;
    });
    for (let n = 0; n < trials; n++) w += (drawn(n, 4) < share ? up : down) * 2 * w * (1 - w);
    assert.ok(Math.abs(w - end) < 0.01, `share ${share}: ${w}`);
  }
});

test('r-stdp-conv: a reward above expectation draws the winner to what it saw, one below pushes it away as far; half as far where it saw nothing', () => {
  const { rate } = ruleLibrary['r-stdp-conv'].parameters;
  for (const reward of [0.6, -0.4]) {
    const step = rate * reward;
    const weights = told('r-stdp-conv', 'reward', reward, 0.5);
    for (const [k, change] of [2 * step, 0, 2 * step, 0, -step, 0, -step, 0].entries()) near(weights[k], 0.5 + change, 1e-15);
  }
});

test.run();
