/** Counting arrivals over rows of bits: the same ports as adding synapse by synapse, in JavaScript and in WebAssembly, bit for bit. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileCounter } from '../../../core/program/count-arrivals.ts';
import { integerAt } from '../../../core/random.ts';
import { fillBitRows, shapeBitRows, suitableBitRows, wholeBlocks } from '../../../core/synapses/bit-rows.ts';
import type { SynapseTable } from '../../../core/synapses/synapse-table.ts';
import { buildSynapseTable } from '../../../core/synapses/synapse-table.ts';
import { allocateArena, planArena } from '../../../core/typed-arrays-utils.ts';
import { range } from '../../support/simulate.ts';
import { walkOf } from '../../support/walk.ts';

/** Every target draws `degree` sources, with repetition, so that some pairs have several synapses. */
function drawnTable(nPre: number, nPost: number, degree: number): SynapseTable {
  const synapses = range(0, nPost - 1).flatMap((j) => range(0, degree - 1).map((d) => [integerAt(7, 1, d, j, nPre), j] as const));
  return buildSynapseTable({ nPre, nPost, walk: walkOf(synapses), delays: 1, wantOrder: false }).table;
}

function counters(table: SynapseTable, type: 'f32' | 'f64' | 'i32', weight: number) {
  const { words, listed } = shapeBitRows(table);
  assert.ok(listed > 0, 'some pairs have several synapses');
  const targets = wholeBlocks(table.nPost);
  return (['js', 'wasm'] as const).map((backend) => {
    const { memory, views } = allocateArena(
      planArena([
        { name: 'bits', type: 'i32', length: words },
        { name: 'rowAt', type: 'i32', length: table.nRows + 1 },
        { name: 'offsets', type: 'i32', length: table.nRows },
        { name: 'bytes', type: 'u8', length: targets },
        { name: 'counts', type: 'i32', length: targets },
        { name: 'port', type, length: table.nPost, room: targets },
        { name: 'behind', type: 'f64', length: 8 },
        { name: 'list', type: 'i32', length: table.nRows },
      ]),
    );
    const rows = { ...views, hasLists: true };
    fillBitRows(table, rows);
    const port = views.port as Float32Array | Float64Array | Int32Array;
    const kernel = compileCounter({ ...rows, port, name: 'count', weight }, { backend, memory });
    return { kernel, port, views };
  });
}

for (const [type, weight] of [
  ['f32', 0.1],
  ['f32', -2],
  ['f64', -0.3],
  ['f64', 0.7],
  ['i32', -7],
] as const) {
  for (const [nPre, nPost, degree, spikes] of [
    [40, 130, 12, 1],
    [40, 130, 12, 17],
    [300, 1000, 60, 70],
    [700, 257, 350, 700],
  ] as const) {
    test(`${spikes} of ${nPre} rows onto ${nPost} ${type} targets arrive as if counted one by one`, () => {
      const table = drawnTable(nPre, nPost, degree);
      const [script, wasm] = counters(table, type, weight);
      const single = type === 'f32' ? Math.fround : (value: number): number => value;
      // a target without arrivals keeps its bits, those of -0 too
      const expected = Array.from({ length: nPost }, (_, j) => (type === 'i32' ? j : j % 5 === 2 ? -0 : single(j / 3)));
      for (const { port } of [script, wasm]) port.set(expected);
      for (let tick = 0; tick < 3; tick++) {
        const rows = Array.from({ length: spikes }, (_, c) => Math.floor((c * table.nRows) / spikes));
        for (let j = 0; j < nPost; j++) {
          let arrivals = 0;
          for (const row of rows) for (let k = table.rowStart[row]; k < table.rowStart[row + 1]; k++) if (table.target[k] === j) arrivals++;
          if (arrivals > 0) expected[j] = single(expected[j] + single(arrivals * single(weight)));
        }
        for (const { kernel, port, views } of [script, wasm]) {
          views.list.set(rows);
          kernel.run(views.list, spikes, tick);
          assert.equal([...port], expected);
          assert.ok(port.every((value, j) => Object.is(value, expected[j])));
          assert.ok([...views.bytes, ...views.counts].every((count) => count === 0));
          assert.ok(views.behind.every((value) => value === 0));
        }
      }
    });
  }
}

test('rows suit bits where they take no more room than 16-bit targets', () => {
  const nPre = 160;
  /** One synapse in `step`, and so many more where there is one already. */
  const suits = (step: number, more = 0, nPost = 200): boolean => {
    const synapses = range(0, nPre * nPost - 1).map((k) => [k % nPre, Math.floor(k / nPre)] as const);
    const pairs = [...synapses.filter(([i, j]) => (i + j) % step === 0), ...new Array<readonly [number, number]>(more).fill([0, 0])];
    const { table } = buildSynapseTable({ nPre, nPost, walk: walkOf(pairs), delays: 1, wantOrder: false });
    return suitableBitRows(table) !== undefined;
  };
  assert.equal([suits(16), suits(17)], [true, false]);
  assert.equal([suits(15, 65534), suits(15, 65535)], [true, false], 'how many synapses reach one target is a 16-bit number too');
  assert.not(suits(1, 0, 100), 'fewer targets than one vector');
});

test.run();
