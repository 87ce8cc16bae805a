/** Silence of another thread: counted in looks, and not while a thread of the process waits for a processor. */
import { existsSync } from 'node:fs';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { NativeThread } from '../../workers/native-threads.ts';
import { longestWait, nativeThreads } from '../../workers/native-threads.ts';
import { listen } from '../../workers/silence.ts';

/** A clock that goes so many milliseconds between two looks; each look reads it twice. */
function every(milliseconds: number): () => number {
  let reads = 0;
  return () => milliseconds * Math.ceil(reads++ / 2);
}

const thread = (waited: number, isBlocked = false): NativeThread => ({ waited, isBlocked });

/** Two threads, of which one never waits and the other so many milliseconds more at every look. */
function waiting(perLook: number): () => Map<string, NativeThread> {
  let waited = 1000;
  return () => {
    waited += perLook;
    return new Map([
      ['11', thread(400)],
      ['12', thread(waited)],
    ]);
  };
}

test('every look without a sign is 50 ms of silence, and a sign ends it', () => {
  const silence = listen(waiting(0), every(50));
  assert.equal([silence(false), silence(false), silence(false)], [50, 100, 150]);
  assert.equal([silence(true), silence(false)], [0, 50]);
});

test('looks that are late count for up to three periods', () => {
  const [late, stopped] = [listen(waiting(0), every(120)), listen(waiting(0), every(5000))];
  assert.equal([late(false), late(false)], [120, 240]);
  assert.equal([stopped(false), stopped(false)], [150, 300]);
});

test('when a thread gets half of a processor, half of the time after the first look is silence', () => {
  const silence = listen(waiting(25), every(50));
  assert.equal([silence(false), silence(false), silence(false), silence(false)], [50, 75, 100, 125]);
});

test('looks at which a thread waits for a disk are not counted, from the second on', () => {
  const states = [true, false, true, true, false];
  const silence = listen(() => new Map([['11', thread(0, states.shift())]]), every(50));
  assert.equal(
    Array.from({ length: 5 }, () => silence(false)),
    [50, 100, 100, 100, 150],
  );
});

test('a tenth of a silence counts even if a thread never has a processor', () => {
  const silence = listen(waiting(50), every(50));
  const silent = Array.from({ length: 200 }, () => silence(false));
  assert.is(silent[0], 50);
  assert.is(silent[99], 500);
  assert.is(silent[199], 1000);
});

test('what a thread waited before the first silent look, or before another look began, is not subtracted', () => {
  assert.is(longestWait(new Map([['7', thread(90)]]), new Map([['7', thread(95)]])), 5);
  assert.is(longestWait(new Map(), new Map([['8', thread(3)]])), 3, 'a thread that is new');
  assert.is(longestWait(new Map([['7', thread(90)]]), new Map()), 0, 'a thread that has ended, or a system that does not tell');
});

if (existsSync('/proc/self/task')) {
  test('the system tells how long threads have waited, and it never gets less', () => {
    const before = nativeThreads();
    assert.ok(before.size > 1, 'Node has several threads');
    const until = performance.now() + 20;
    while (performance.now() < until);
    const now = nativeThreads();
    for (const [name, { waited }] of before) assert.ok(waited >= 0 && (now.get(name)?.waited ?? waited) >= waited);
    assert.ok([...now.values()].some(({ waited }) => waited > 0));
    assert.is(now.get(String(process.pid))?.isBlocked, false, 'this one runs');
  });
} else {
  test.skip('the system tells how long threads have waited, and it never gets less');
  console.log('skipped: the system tells how long threads have waited (needs /proc)');
}

test.run();
