/** Silence of a run in another thread: counted in looks, and not while the thread waits for a processor. */
import { existsSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { nativeThread, waitedForProcessor } from '../../workers/native-thread.ts';
import { PROGRESS_LENGTH, SIGNS, silenceOf } from '../../workers/signs-of-life.ts';

const cells = (): Int32Array => new Int32Array(new SharedArrayBuffer(4 * PROGRESS_LENGTH));

test('every look without a sign is 50 ms of silence, and a sign ends it', () => {
  const signs = cells();
  const silence = silenceOf(signs, () => 0);
  assert.equal([silence(), silence(), silence()], [50, 100, 150]);
  signs[SIGNS]++;
  assert.equal([silence(), silence()], [0, 50]);
});

test('a thread that has no processor is not silent; one that gets half of one counts by half', () => {
  const signs = cells();
  let waited = 1000;
  const starved = silenceOf(signs, () => {
    waited += 50;
    return waited;
  });
  assert.equal([starved(), starved(), starved(), starved()], [50, 50, 50, 50]);
  const halved = silenceOf(signs, () => {
    waited += 25;
    return waited;
  });
  assert.equal([halved(), halved(), halved()], [50, 75, 100]);
});

if (existsSync('/proc/thread-self/schedstat')) {
  test('the system tells how long a thread has waited, and it never gets less', () => {
    const thread = nativeThread();
    assert.ok(thread > 0);
    const before = waitedForProcessor(thread);
    const until = performance.now() + 20;
    while (performance.now() < until);
    assert.ok(before > 0 && waitedForProcessor(thread) >= before);
  });
} else {
  test.skip('the system tells how long a thread has waited, and it never gets less');
  console.log('skipped: the system tells how long a thread has waited (needs /proc with schedstat)');
}

test('of a thread that is not known nothing is waited for', () => {
  assert.is(waitedForProcessor(0), 0);
});

test.run();
