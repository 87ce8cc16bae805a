import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { pcg64 } from '../../../chips/loihi-like/pcg64.ts';

// numpy 1.24: numpy.random.default_rng(seed)
test("the first numbers of numpy's default_rng(0)", () => {
  const generator = pcg64(0);
  assert.equal([generator.random(), generator.random(), generator.random()], [0.6369616873214543, 0.2697867137638703, 0.04097352393619469]);
});

test('whole numbers take the low half of an output first', () => {
  const generator = pcg64(12345);
  assert.equal(
    Array.from({ length: 6 }, () => generator.integer128()),
    [89, 29, 100, 40, 26, 102],
  );
});

test('a seed beyond 32 bits is another seed', () => {
  assert.is.not(pcg64(7).random(), pcg64(7 + 2 ** 32).random());
});

test.run();
