/** Rows are asked for, from where they begin, and nothing else happens. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { compileReadAhead, READ_AHEAD } from '../../../core/program/read-ahead.ts';
import { allocateArena, hashBytes, planArena } from '../../../core/typed-arrays-utils.ts';

const ROWS = 300;

function rowsInMemory() {
  const { memory, views } = allocateArena(
    planArena([
      { name: 'list', type: 'i32', length: 8 },
      { name: 'rowStart', type: 'i32', length: ROWS + 1 },
      { name: 'target', type: 'u16', length: 100 * ROWS },
      { name: 'weight', type: 'f32', length: 100 * ROWS },
      { name: 'beyond', type: 'i32', length: READ_AHEAD / 4 },
    ]),
  );
  views.rowStart.set(Int32Array.from({ length: ROWS + 1 }, (_, row) => 100 * row));
  views.weight.fill(0.5);
  return { memory, ...views, streams: [views.target, views.weight] };
}

for (const backend of ['js', 'wasm'] as const) {
  test(`nothing is written, up to the last row: ${backend}`, () => {
    const { memory, list, rowStart, streams } = rowsInMemory();
    list.set([0, 7, ROWS - 1, ROWS]);
    const before = hashBytes(new Uint8Array(memory.buffer));
    const kernel = compileReadAhead({ name: 'ahead', rowStart, streams }, { backend, memory });
    for (const count of [0, 1, 4]) assert.is(kernel.run(list, count, 0), 0);
    assert.is(hashBytes(new Uint8Array(memory.buffer)), before);
    assert.match(kernel.source, /ahead/);
  });
}

test('a row is read although nobody wants its values: outside the memory the engine refuses, as often as it is asked', () => {
  const { memory, list, rowStart, streams } = rowsInMemory();
  const { run } = compileReadAhead({ name: 'ahead', rowStart, streams }, { backend: 'wasm', memory });
  for (let call = 0; call < 20_000; call++) run(list, 8, 0);
  const weight = streams[1];
  rowStart[1] = (memory.buffer.byteLength - weight.byteOffset) / weight.BYTES_PER_ELEMENT;
  list[2] = 1;
  assert.is(run(list, 2, 0), 0, 'the row is not among the first two');
  assert.throws(() => run(list, 3, 0), /out of bounds/);
});

test.run();
