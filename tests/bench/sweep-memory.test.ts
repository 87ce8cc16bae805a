/** The verdict on memory: quarters by what was done, not by when, and a leak is found whatever the warming up took. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { verdictOf } from '../../bench/sweep-memory.ts';
import { near } from '../support/near.ts';

const trail = (bytes: (done: number) => number) => ({
  count: 4000,
  seconds: 1,
  samples: Array.from({ length: 400 }, (_, n) => ({ done: 10 * (n + 1), bytes: bytes(10 * (n + 1)) })),
});

test('memory that only warms up adds nothing', () => {
  const { quarters, perThousand } = verdictOf(trail((done) => Math.min(100e6, 50e6 + 7e4 * done)));
  assert.is(perThousand, 0);
  assert.ok(quarters[0] < quarters[1]);
});

test('a leak of a kilobyte each is a megabyte per thousand', () => {
  near(verdictOf(trail((done) => 100e6 + 1000 * done)).perThousand, 1e6, 2e4);
});

test.run();
