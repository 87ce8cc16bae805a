import fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { RandomBlocks } from '../../../core/program/random-blocks.ts';
import { BLOCKS, randomBlocks } from '../../../core/program/random-blocks.ts';
import { integerAt, MAX_SEED, uniformAt, uniformOf } from '../../../core/random.ts';
import { range } from '../../support/simulate.ts';

/** Few blocks come from JavaScript, many from WebAssembly. */
const BACK_ENDS = [1, 1e6];

const word = ({ words }: RandomBlocks, w: number, k: number): number => words[w * BLOCKS + k];

const cases = fc.record({
  seed: fc.maxSafeNat().filter((seed) => seed <= MAX_SEED),
  stream: fc.nat({ max: 0xffffffff }),
  block: fc.nat({ max: 2 ** 30 - BLOCKS - 1 }),
  first: fc.nat({ max: 0xffffffff - BLOCKS }),
  count: fc.constantFrom(1, 3, 4, 21, BLOCKS),
});

for (const expected of BACK_ENDS) {
  const where = expected === 1 ? 'JavaScript' : 'WebAssembly';

  test(`${where}: blocks along events and along items are the draws of the single addresses`, () => {
    fc.assert(
      fc.property(cases, ({ seed, stream, block, first, count }) => {
        const blocks = randomBlocks(seed, stream, expected);
        for (const k of [0, count >> 1, count - 1]) {
          for (const w of range(0, 3)) {
            blocks.alongEvents(block, first, count);
            assert.is(uniformOf(word(blocks, w, k)), uniformAt(seed, stream, 4 * block + w, first + k));
            blocks.alongItems(block, count);
            assert.is(uniformOf(word(blocks, w, k)), uniformAt(seed, stream, 4 * (block + k) + w, 0));
          }
        }
      }),
      { seed: 3, numRuns: 40 },
    );
  });

  test(`${where}: whole numbers along events are those of integerAt, with one bound for all or one more for each`, () => {
    fc.assert(
      fc.property(
        cases,
        fc.integer({ min: 1, max: 0x7fff0000 }),
        fc.constantFrom(0, 1),
        ({ seed, stream, block, count }, bound, growth) => {
          const blocks = randomBlocks(seed, stream, expected);
          for (const first of [0, 7]) {
            blocks.integersAlongEvents(block, first, count, bound, growth);
            for (const k of [0, count >> 1, count - 1]) {
              for (const w of range(0, 3)) {
                const n = bound + growth * (first + k);
                assert.is(word(blocks, w, k), integerAt(seed, stream, 4 * block + w, first + k, n));
              }
            }
          }
        },
      ),
      { seed: 4, numRuns: 40 },
    );
  });
}

test.run();
