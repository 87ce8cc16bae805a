import * as fc from 'fast-check';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { allocateArena, attachArena, growInt32, hashBytes, planArena } from '../../core/typed-arrays-utils.ts';

test('an arena lays its fields on 64-byte lines behind the header, without overlap', () => {
  const layout = planArena([
    { name: 'v', type: 'f64', length: 9 },
    { name: 'flags', type: 'u8', length: 1 },
    { name: 'none', type: 'i16', length: 0 },
    { name: 'target', type: 'i32', length: 16 },
  ]);
  assert.equal(
    layout.fields.map((field) => field.byteOffset),
    [64, 192, 256, 256],
  );
  assert.is(layout.bytes, 320);
});

test('every element type of an arena gets its own kind of view, zeroed, of the right length', () => {
  const types = ['f64', 'f32', 'i32', 'i16', 'i8', 'u8', 'u16', 'u32'] as const;
  const views = attachArena(planArena(types.map((type) => ({ name: type, type, length: 3 }))));
  assert.equal(
    types.map((type) => views[type].constructor.name),
    ['Float64Array', 'Float32Array', 'Int32Array', 'Int16Array', 'Int8Array', 'Uint8Array', 'Uint16Array', 'Uint32Array'],
  );
  for (const type of types) assert.equal([...views[type]], [0, 0, 0], type);
});

test('a second attachment to the buffer of an arena sees what the first one wrote, through a layout that went over the wire', () => {
  const layout = planArena([
    { name: 'v', type: 'f64', length: 2 },
    { name: 'spikes', type: 'i32', length: 2 },
  ]);
  const here = attachArena(layout);
  here.v.set([1.5, -2]);
  here.spikes[1] = 7;
  const there = attachArena(structuredClone(layout), here.buffer);
  assert.equal([...there.v], [1.5, -2]);
  assert.equal([...there.spikes], [0, 7]);
});

test('an arena refuses a buffer made for another layout, of another size, or by somebody else', () => {
  const layout = planArena([{ name: 'v', type: 'f64', length: 2 }]);
  const renamed = planArena([{ name: 'u', type: 'f64', length: 2 }]);
  const longer = planArena([{ name: 'v', type: 'f64', length: 20 }]);
  const { buffer } = attachArena(layout);
  assert.throws(() => attachArena(renamed, buffer), /made for another layout/);
  assert.throws(() => attachArena(longer, buffer), /has 128 bytes where its layout has 256/);
  assert.throws(() => attachArena(layout, new SharedArrayBuffer(layout.bytes)), /not an arena/);
  new Uint32Array(buffer)[1] = 9;
  assert.throws(() => attachArena(layout, buffer), /has format 9/);
});

test('an arena in a WebAssembly memory fills whole pages, and another thread attaches to the same bytes', () => {
  const layout = planArena([
    { name: 'v', type: 'f32', length: 20000 },
    { name: 'list', type: 'i32', length: 3 },
  ]);
  const { memory, views } = allocateArena(layout);
  assert.is(memory.buffer, views.buffer);
  assert.is(memory.buffer.byteLength, 2 * 65536);
  views.list[2] = 7;
  assert.equal([...attachArena(structuredClone(layout), memory.buffer).list], [0, 0, 7]);
  assert.throws(() => attachArena(planArena([{ name: 'v', type: 'f32', length: 20001 }]), memory.buffer), /made for another layout/);
  assert.throws(
    () => attachArena(planArena([{ name: 'v', type: 'f32', length: 2 }]), memory.buffer),
    /has 131072 bytes where its layout has 128/,
  );
  assert.throws(
    () => allocateArena(planArena([{ name: 'w', type: 'f64', length: 2 ** 30 }])),
    /one shard needs 8\.0 GiB, but its addresses end at 4 GiB\n {2}cut .* \{ shards: 4 \}/,
  );
});

test('an arena refuses a name given twice and a length that is no length', () => {
  assert.throws(
    () =>
      planArena([
        { name: 'v', type: 'f64', length: 1 },
        { name: 'v', type: 'f32', length: 1 },
      ]),
    /"v" is taken/,
  );
  assert.throws(() => planArena([{ name: 'buffer', type: 'f64', length: 1 }]), /"buffer" is taken/);
  assert.throws(() => planArena([{ name: 'v', type: 'f64', length: -1 }]), /length -1/);
  assert.throws(() => planArena([{ name: 'v', type: 'f64', length: 1.5 }]), /length 1.5/);
});

test("a run too large for memory is the user's to solve and says how large it is", () => {
  const layout = planArena([{ name: 'w', type: 'f64', length: 2 ** 49 }]);
  assert.throws(() => attachArena(layout), /needs 4194304\.0 GiB/);
});

test('a growing vector keeps everything pushed and can start over', () => {
  for (const vector of [growInt32(), growInt32(1), growInt32(0)]) {
    for (let i = 0; i < 1000; i++) vector.push(i * i);
    assert.is(vector.length, 1000);
    assert.equal(
      [...vector.view()],
      Array.from({ length: 1000 }, (_, i) => i * i),
    );
    vector.clear();
    vector.push(-3);
    assert.equal([...vector.view()], [-3]);
  }
  assert.instance(growInt32().view(), Int32Array);
});

test('bytes hash by 64-bit FNV-1a: the published answers, and a view hashes only its own bytes', () => {
  const hash = (text: string): string => hashBytes(new TextEncoder().encode(text));
  assert.is(hash(''), 'cbf29ce484222325');
  assert.is(hash('a'), 'af63dc4c8601ec8c');
  assert.is(hash('foobar'), '85944171f73967e8');
  assert.is(hashBytes(new TextEncoder().encode('xxfoobarx').subarray(2, 8)), hash('foobar'));
  assert.not.equal(hashBytes(Float64Array.of(0)), hashBytes(Float64Array.of(-0)));
});

test('a hash of random bytes equals the definition in big integers, and may be taken in pieces', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(40), (bytes, cut) => {
      let expected = 0xcbf29ce484222325n;
      for (const byte of bytes) expected = BigInt.asUintN(64, (expected ^ BigInt(byte)) * 0x100000001b3n);
      assert.is(hashBytes(bytes), expected.toString(16).padStart(16, '0'));
      assert.is(hashBytes(bytes.subarray(cut), hashBytes(bytes.subarray(0, cut))), hashBytes(bytes));
    }),
    { seed: 3, numRuns: 300 },
  );
});

test.run();
