/** Pure tones light the filter they belong to; level, silence around the word and sampling rate do not matter. */
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { cochleagram } from '../../formats/cochleagram.ts';

const SHAPE = { channels: 16, parts: 4, from: 100, to: 3600 } as const;

const tone = (hertz: number, seconds: number, rate = 8000, level = 0.5): Float64Array =>
  Float64Array.from({ length: Math.round(seconds * rate) }, (_, n) => level * Math.sin((2 * Math.PI * hertz * n) / rate));

/** Channel that is brightest in a part. */
const brightest = (picture: Uint8Array, part: number): number => {
  const column = Array.from({ length: SHAPE.channels }, (_, c) => picture[c * SHAPE.parts + part]);
  return column.indexOf(Math.max(...column));
};

/** Centre frequencies by the formula of Glasberg & Moore. */
const centres = Array.from({ length: SHAPE.channels }, (_, c) => {
  const scale = (hertz: number): number => 21.4 * Math.log10(1 + 0.00437 * hertz);
  return (10 ** ((scale(100) + ((scale(3600) - scale(100)) * c) / 15) / 21.4) - 1) / 0.00437;
});

test('a tone is brightest in the filter whose centre it is, whatever its level and the sampling rate', () => {
  for (const c of [0, 3, 8, 12, 15]) {
    for (const [rate, level] of [
      [8000, 0.5],
      [16000, 0.01],
    ]) {
      const picture = cochleagram({ rate, samples: tone(centres[c], 0.4, rate, level) }, SHAPE);
      for (const part of [1, 2, 3]) assert.is(brightest(picture, part), c, `${centres[c]} Hz at ${rate} Hz`);
      assert.is(Math.max(...picture), 255);
    }
  }
});

test('silence before and after a word is left out, and the parts follow each other in time', () => {
  const [low, high] = [tone(centres[3], 0.2), tone(centres[12], 0.2)];
  const word = new Float64Array([...low, ...high]);
  const padded = new Float64Array([...new Float64Array(3000), ...word, ...new Float64Array(900)]);
  const plain = cochleagram({ rate: 8000, samples: word }, SHAPE);
  const trimmed = cochleagram({ rate: 8000, samples: padded }, SHAPE);
  assert.ok(plain.every((value, n) => Math.abs(value - trimmed[n]) <= 2));
  assert.equal(
    [0, 1, 2, 3].map((part) => brightest(plain, part)),
    [3, 3, 12, 12],
  );
});

test('silence has no picture, and no sound at all neither', () => {
  for (const samples of [new Float64Array(800), new Float64Array(0)]) {
    assert.ok(cochleagram({ rate: 8000, samples }, SHAPE).every((value) => value === 0));
  }
});

test.run();
