/** Counting arrivals over rows of bits: the same ports as adding synapse by synapse, in JavaScript and in WebAssembly, bit for bit. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileCounter } from '../../../core/program/count-arrivals.ts';
import { integerAt } from '../../../core/random.ts';
import { bitRowsLength, bitRowsShape, fillBitRows, longestList, suitsBits } from '../../../core/synapses/bit-rows.ts';
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
  const shape = bitRowsShape(table, longestList(table));
  return (['js', 'wasm'] as const).map((backend) => {
    const { memory, views } = allocateArena(
      planArena([
        { name: 'words', type: 'i32', length: bitRowsLength(table.nRows, shape) },
        { name: 'offsets', type: 'i32', length: table.nRows + 8 },
        { name: 'arrivals', type: 'u16', length: shape.targets },
        { name: 'port', type, length: table.nPost },
        { name: 'behind', type: 'f64', length: 8 },
        { name: 'list', type: 'i32', length: table.nRows },
      ]),
    );
    fillBitRows(table, views.words, shape);
    const port = views.port as Float32Array | Float64Array | Int32Array;
    const kernel = compileCounter({ ...views, port, shape, name: 'count', weight }, { backend, memory });
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
      assert.ok(longestList(table) > 0, 'some pairs have several synapses');
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
          assert.ok(views.arrivals.every((count) => count === 0));
          assert.ok(views.behind.every((value) => value === 0));
        }
      }
    });
  }
}

test('rows suit bits where they take no more room than 16-bit targets', () => {
  assert.ok(suitsBits(drawnTable(160, 200, 10)));
  assert.not(suitsBits(drawnTable(170, 200, 10)));
  assert.not(suitsBits(drawnTable(10, 100, 10)), 'fewer targets than one vector');
});

test.run();
