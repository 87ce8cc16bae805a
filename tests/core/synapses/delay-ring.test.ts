import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { network } from '../../../core/network/builder.ts';
import { integerAt, uniformAt } from '../../../core/random.ts';
import { arrivals, clearRing, createDelayRing, scheduleSpikes, slotAt } from '../../../core/synapses/delay-ring.ts';
import { buildSynapseTable } from '../../../core/synapses/synapse-table.ts';
import { ms, range, start } from '../../support/simulate.ts';
import { walkOf } from '../../support/walk.ts';

/** 6 sources with 1 … 3 synapses of random delays up to `maxDelay`. */
function randomTable(seed: number, maxDelay: number) {
  const sources: number[] = [];
  const delays: number[] = [];
  for (let source = 0; source < 6; source++) {
    for (let n = 0; n <= integerAt(seed, 1, source, 0, 3); n++) {
      sources.push(source);
      delays.push(1 + integerAt(seed, 2, source, n, maxDelay));
    }
  }
  const walk = walkOf(sources.map((source) => [source, 0] as const));
  return buildSynapseTable({ nPre: 6, nPost: 1, walk, delays: Int32Array.from(delays), wantOrder: false }).table;
}

for (const maxDelay of [1, 2, 7]) {
  test(`with delays of up to ${maxDelay} every row arrives once per spike, after its own delay, rows ascending`, () => {
    const table = randomTable(maxDelay, maxDelay);
    const ring = createDelayRing(table);
    const firesAt = (tick: number, source: number): boolean => tick >= 1 && uniformAt(9, maxDelay, source, tick) < 0.4;
    let delivered = 0;
    for (const tick of range(1, 200)) {
      const slot = slotAt(tick, ring.slots.length);
      const count = arrivals(ring, slot);
      const rows = [...ring.slots[slot].subarray(0, count)];
      const expected = [...table.rowSource.keys()].filter((row) => firesAt(tick - table.rowDelay[row], table.rowSource[row]));
      assert.equal(rows, expected, `tick ${tick}`);
      delivered += count;
      ring.counts[slot] = 0;
      const fired = Int32Array.from(range(0, 5).filter((source) => firesAt(tick, source)));
      scheduleSpikes(ring, table, tick, fired, fired.length);
    }
    assert.ok(delivered > 300);
  });
}

test('spikes are taken from the middle of a list, whether each source has one row or several', () => {
  for (const maxDelay of [1, 4]) {
    const table = randomTable(3, maxDelay);
    const ring = createDelayRing(table);
    assert.is(ring.oneRowEach, maxDelay === 1);
    scheduleSpikes(ring, table, 1, Int32Array.of(5, 2, 4, 0), 2, 1);
    const arrived = ring.slots.flatMap((rows, slot) => [...rows.subarray(0, arrivals(ring, slot))]);
    const expected = [...table.rowSource.keys()].filter((row) => [2, 4].includes(table.rowSource[row]));
    assert.equal(
      arrived.sort((a, b) => a - b),
      expected,
    );
  }
});

test('a cleared ring delivers nothing', () => {
  const table = randomTable(1, 4);
  const ring = createDelayRing(table);
  scheduleSpikes(ring, table, 1, Int32Array.of(0, 1, 2, 3, 4, 5), 6);
  clearRing(ring);
  assert.equal(
    ring.slots.map((_, slot) => arrivals(ring, slot)),
    [0, 0, 0, 0, 0],
  );
});

test('in a running network each synapse delivers its spike after its own delay', () => {
  const delays = [3, 1, 7, 2, 1, 15];
  const net = network();
  const source = net.input('source', 1, { times: ['4 ms', '5 ms'], neurons: [0, 0] });
  const neurons = net.neurons('neurons', 6, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(source, neurons, { weight: 2, delay: delays.map(ms) });
  net.record(neurons, 'spikes');
  const simulation = start(net);
  simulation.run(40);
  const { t, i } = simulation.recordedSpikes('neurons');
  const found = delays.map((_, neuron) => [...t].filter((_tick, n) => i[n] === neuron));
  assert.equal(
    found,
    delays.map((delay) => [4 + delay, 5 + delay]),
  );
});

test('a delay is rounded to the nearest tick', () => {
  const net = network();
  const source = net.input('source', 1, { times: ['1 ms'], neurons: [0] });
  const neurons = net.neurons('neurons', 3, { model: 'lif', tauMem: '20 ms', vThreshold: 1 });
  net.connect(source, neurons, { weight: 2, delay: ['1.4 ms', '1.6 ms', '2.4 ms'] });
  net.record(neurons, 'spikes');
  const simulation = start(net);
  simulation.run(10);
  assert.equal([...simulation.recordedSpikes('neurons').t], [2, 3, 3]);
});

test.run();
