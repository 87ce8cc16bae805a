/** Counting arrivals over rows of bits: as many as synapse by synapse, in JavaScript and in WebAssembly. */
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

function counters(table: SynapseTable) {
  const { words, longestList, mostArrivals } = shapeBitRows(table);
  assert.ok(longestList > 0, 'some pairs have several synapses');
  return (['js', 'wasm'] as const).map((backend) => {
    const { memory, views } = allocateArena(
      planArena([
        { name: 'bits', type: 'i32', length: words },
        { name: 'rowAt', type: 'i32', length: 2 * table.nRows },
        { name: 'offsets', type: 'i32', length: table.nRows },
        { name: 'arrivals', type: 'u16', length: wholeBlocks(table.nPost) },
        { name: 'behind', type: 'f64', length: 8 },
        { name: 'list', type: 'i32', length: table.nRows },
      ]),
    );
    const rows = { ...views, longestList };
    fillBitRows([{ table, rows }]);
    return { kernel: compileCounter({ ...rows, name: 'count' }, { backend, memory }), mostArrivals, views };
  });
}

for (const [nPre, nPost, degree, spikes] of [
  [40, 130, 12, 1],
  [40, 130, 12, 15],
  [40, 130, 12, 17],
  [300, 1000, 60, 63],
  [300, 1000, 60, 70],
  [700, 257, 350, 255],
  [700, 257, 350, 700],
] as const) {
  test(`${spikes} of ${nPre} rows arrive at ${nPost} targets as if counted one by one`, () => {
    const table = drawnTable(nPre, nPost, degree);
    for (let tick = 0; tick < 3; tick++) {
      const rows = Array.from({ length: spikes }, (_, c) => Math.floor(((c + tick / 3) * table.nRows) / spikes));
      const expected = new Array<number>(wholeBlocks(nPost)).fill(0);
      for (const row of rows) for (let k = table.rowStart[row]; k < table.rowStart[row + 1]; k++) expected[table.target[k]]++;
      for (const { kernel, mostArrivals, views } of counters(table)) {
        // what was there before goes
        views.arrivals.fill(7);
        views.list.set(rows);
        const reached = expected.reduce((sum, n) => sum + n);
        assert.is(kernel.run(views.list, spikes, tick), reached);
        assert.equal([...views.arrivals], expected);
        assert.ok(Math.max(...expected) <= mostArrivals);
        assert.ok(views.behind.every((value) => value === 0));
      }
    }
  });
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
  assert.equal([suits(15, 65375), suits(15, 65376)], [true, false], '65,535 spikes are the most that a count can hold');
  assert.not(suits(1, 0, 100), 'fewer targets than one vector');
});

test.run();
