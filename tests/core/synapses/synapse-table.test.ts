import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { buildReverseIndex, buildSynapseTable, sourcesOf } from '../../../core/synapses/synapse-table.ts';
import { walkOf } from '../../support/walk.ts';

interface List {
  readonly nPre: number;
  readonly nPost: number;
  readonly synapses: readonly (readonly [source: number, target: number, delay: number])[];
}

const lists: fc.Arbitrary<List> = fc
  .record({ nPre: fc.integer({ min: 1, max: 9 }), nPost: fc.integer({ min: 1, max: 9 }), maxDelay: fc.integer({ min: 1, max: 5 }) })
  .chain(({ nPre, nPost, maxDelay }) =>
    fc.record({
      nPre: fc.constant(nPre),
      nPost: fc.constant(nPost),
      synapses: fc.array(fc.tuple(fc.nat({ max: nPre - 1 }), fc.nat({ max: nPost - 1 }), fc.integer({ min: 1, max: maxDelay })), {
        maxLength: 40,
      }),
    }),
  );

const build = ({ nPre, nPost, synapses }: List) => {
  const delays = Int32Array.from(synapses, ([, , delay]) => delay);
  const walk = walkOf(synapses);
  const { table, order } = buildSynapseTable({ nPre, nPost, walk, delays, wantOrder: true });
  assert.ok(order);
  // without the order the same rows come out
  assert.equal(buildSynapseTable({ nPre, nPost, walk, delays, wantOrder: false }).table, table);
  return { table, order };
};

/** Any property of any list; the seed is fixed so that a failure comes back. */
const always = (check: (list: List) => void): void => fc.assert(fc.property(lists, check), { seed: 7, numRuns: 400 });

test('the table holds the given synapses in order of source, delay, target, and as given among equals', () => {
  always((list) => {
    const { table, order } = build(list);
    const expected = list.synapses
      .map((synapse, given) => ({ synapse, given }))
      .sort((a, b) => a.synapse[0] - b.synapse[0] || a.synapse[2] - b.synapse[2] || a.synapse[1] - b.synapse[1] || a.given - b.given);
    assert.equal(
      [...order],
      expected.map(({ given }) => given),
    );
    assert.equal(
      [...table.target],
      expected.map(({ synapse }) => synapse[1]),
    );
    assert.equal(
      [...sourcesOf(table)],
      expected.map(({ synapse }) => synapse[0]),
    );
    const delays = [...table.rowDelay].flatMap((delay, row) => Array(table.rowStart[row + 1] - table.rowStart[row]).fill(delay));
    assert.equal(
      delays,
      expected.map(({ synapse }) => synapse[2]),
    );
    assert.is(table.nSynapses, list.synapses.length);
  });
});

test('a row is all synapses of one source with one delay, no row is empty, and a source finds its rows', () => {
  always((list) => {
    const { table } = build(list);
    const pairs = [...table.rowSource].map((source, row) => `${source} ${table.rowDelay[row]}`);
    assert.is(new Set(pairs).size, table.nRows, 'each source and delay has one row');
    assert.is(table.nRows, new Set(list.synapses.map(([source, , delay]) => `${source} ${delay}`)).size);
    for (let row = 0; row < table.nRows; row++) assert.ok(table.rowStart[row + 1] > table.rowStart[row]);
    for (let source = 0; source < list.nPre; source++) {
      const rows = [...table.rowSource.keys()].filter((row) => table.rowSource[row] === source);
      assert.is(table.sourceRows[source + 1] - table.sourceRows[source], rows.length);
      if (rows.length > 0) assert.is(table.sourceRows[source], rows[0]);
    }
  });
});

test('the reverse index lists for every target exactly its synapses, ascending, each with its row', () => {
  always((list) => {
    const { table } = build(list);
    const { columnStart, synapse, row } = buildReverseIndex(table);
    for (let target = 0; target < list.nPost; target++) {
      const expected = [...table.target.keys()].filter((k) => table.target[k] === target);
      assert.equal([...synapse.subarray(columnStart[target], columnStart[target + 1])], expected);
    }
    for (let c = 0; c < table.nSynapses; c++) {
      assert.ok(table.rowStart[row[c]] <= synapse[c] && synapse[c] < table.rowStart[row[c] + 1]);
    }
    assert.is(columnStart[list.nPost], table.nSynapses);
  });
});

test('smallest and largest delay are those of the list; an empty projection has delay 1', () => {
  always((list) => {
    const { table } = build(list);
    const delays = list.synapses.map(([, , delay]) => delay);
    assert.is(table.minDelay, delays.length === 0 ? 1 : Math.min(...delays));
    assert.is(table.maxDelay, Math.max(1, ...delays));
  });
});

test('one delay given as a number is that delay for every synapse', () => {
  always((list) => {
    const { nPre, nPost } = list;
    const synapses = list.synapses.map(([source, target]) => [source, target, 3] as const);
    const { table } = buildSynapseTable({ nPre, nPost, walk: walkOf(synapses), delays: 3, wantOrder: false });
    if (synapses.length > 0) assert.equal(table, build({ nPre, nPost, synapses }).table);
  });
});

test('a delay of zero is a bug of ours, not something to run with', () => {
  assert.throws(() => build({ nPre: 1, nPost: 1, synapses: [[0, 0, 0]] }), 'less than one tick');
});

test.run();
