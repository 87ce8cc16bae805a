/** The two doors of the library: the small one opens a part of what the large one does, and the same objects. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import * as large from '../index.ts';
import * as small from '../simulation.ts';

test('every name of the small door is one of the large door, for the same thing', () => {
  const names = Object.keys(small);
  assert.ok(names.length > 10 && names.length < Object.keys(large).length);
  for (const name of names) assert.is(Reflect.get(small, name), Reflect.get(large, name), name);
});

test.run();
