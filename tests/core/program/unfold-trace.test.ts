/** Traces tick by tick: each value is the one before it times the factor, rounded, in JavaScript and in vectors. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { ABREAST, compileUnfold } from '../../../core/program/unfold-trace.ts';
import { allocateArena, planArena } from '../../../core/typed-arrays-utils.ts';

const STRIDE = 9;

for (const type of ['f32', 'f64'] as const) {
  for (const backend of ['js', 'wasm'] as const) {
    for (const rows of [ABREAST, 4 * ABREAST]) {
      test(`${rows} rows of ${type} in ${backend}`, () => {
        const length = rows * STRIDE;
        const { memory, views } = allocateArena(
          planArena([
            { name: 'before', type: 'f64', length: 8 },
            { name: 'history', type, length },
            { name: 'behind', type: 'f64', length: 8 },
          ]),
        );
        const history = views.history as Float32Array | Float64Array;
        const round = type === 'f32' ? Math.fround : (value: number): number => value;
        const factor = Math.exp(-1 / 7);
        const unfold = compileUnfold({ name: 'unfold', history, rows, stride: STRIDE, factor }, { backend, memory });
        for (const values of [0, 1, STRIDE - 1]) {
          history.fill(-1);
          const expected = history.slice();
          for (let row = 0; row < rows; row++) {
            const place = (n: number): number => (Math.floor(row / ABREAST) * STRIDE + n) * ABREAST + (row % ABREAST);
            history[place(0)] = 1 + row / 3;
            let value = history[place(0)];
            for (let n = 0; n <= values; n++, value = round(value * round(factor))) expected[place(n)] = value;
          }
          unfold.run(0, values, 0);
          assert.equal([...history], [...expected], `${values} values`);
        }
        assert.ok([...views.before, ...views.behind].every((value) => value === 0));
      });
    }
  }
}

test.run();
