/** Folders of samples: events of a camera, spoken digits; what they hold, and what is wrong with them. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { firstImages, hashLabelledImages, split, subset } from '../../formats/labelled-images.ts';
import { readSampleFolder } from '../../formats/sample-folder.ts';
import { readWav } from '../../formats/wav.ts';
import { problemsOf } from '../support/near.ts';

const root = mkdtempSync(join(tmpdir(), 'hillock-samples-'));
test.after(() => rmSync(root, { recursive: true }));

let folders = 0;
function folder(files: Readonly<Record<string, string | Uint8Array>>): string {
  const dir = join(root, `${folders++}`);
  mkdirSync(join(dir, 'recordings'), { recursive: true });
  for (const [name, content] of Object.entries(files)) writeFileSync(join(dir, name), content);
  return dir;
}

/** @param events [x, y, polarity, microseconds] */
const bytesOf = (...events: readonly (readonly [number, number, number, number])[]): Uint8Array =>
  Uint8Array.from(events.flatMap(([x, y, p, t]) => [x, y, (p << 7) | (t >> 16), (t >> 8) & 255, t & 255]));

const said = (dir: string): string[] =>
  problemsOf(() => readSampleFolder(dir)).map(({ message, where }) => `${where?.line ?? '-'} ${message.replaceAll(dir, '.')}`);

const EVENTS = {
  'labels.csv': 'file,split,label\na.bs2,train,7\nb.bs2,train,0\nc.bs2,test,3\n',
  // two neighbours in the first tick of 5 ms, the other polarity, the last tick
  'a.bs2': bytesOf([1, 2, 0, 10], [0, 3, 0, 4999], [1, 2, 1, 5000], [33, 33, 1, 400_000]),
  'b.bs2': bytesOf([0, 0, 0, 12_000]),
  'c.bs2': bytesOf(),
};

test('events become spikes by tick and pixel, both polarities side by side, and pictures that count them', () => {
  const { train, test: held, files } = readSampleFolder(folder(EVENTS));
  assert.equal([train.count, train.rows, train.columns, held.count], [2, 17, 34, 1]);
  assert.equal([[...train.labels], [...held.labels]], [[7, 0], [3]]);
  const { spikes } = train;
  assert.ok(spikes !== undefined);
  assert.equal([...spikes.start], [0, 3, 4]);
  assert.equal([...spikes.tick], [1, 2, 63, 3]);
  assert.equal([...spikes.pixel], [34, 34 + 17, 16 * 34 + 17 + 16, 0]);
  assert.equal(
    [...train.pixels].flatMap((value, n) => (value > 0 ? [[n, value]] : [])),
    [
      [34, 21],
      [51, 21],
      [577, 21],
      [578, 21],
    ],
  );
  assert.is(files[0].sha256.length, 64);
});

test('parts of a set keep their spikes, and spikes enter its hash', () => {
  const { train } = readSampleFolder(folder(EVENTS));
  const second = subset(train, [1]);
  assert.equal([[...(second.spikes?.start ?? [])], [...(second.spikes?.tick ?? [])]], [[0, 1], [3]]);
  assert.equal(hashLabelledImages(firstImages(train, 1)), hashLabelledImages(subset(train, [0])));
  const parts = split(train, 0.5, 1);
  assert.is((parts.train.spikes?.start.at(-1) ?? 0) + (parts.validation.spikes?.start.at(-1) ?? 0), 4);
  const { spikes, ...picture } = train;
  assert.ok(spikes !== undefined);
  assert.is.not(hashLabelledImages(train), hashLabelledImages(picture));
  const later = { ...spikes, tick: spikes.tick.map((tick) => tick + 1) };
  assert.is.not(hashLabelledImages(train), hashLabelledImages({ ...train, spikes: later }));
});

test('what is wrong with a folder of events is said file by file', () => {
  const bad = {
    'labels.csv': 'file,split,label\na.bs2,train,12\nb.bs2,verify,0\nc.bs2,test,3\nd.bs2,test,3\n',
    'a.bs2': bytesOf([40, 2, 0, 10]),
    'b.bs2': new Uint8Array(7),
    'c.bs2': bytesOf(),
  };
  assert.equal(said(folder(bad)), [
    '2 label is "12", but must be a whole number from 0 to 9',
    '- ./a.bs2: event 0 is at pixel (40, 2), but the camera has 34 x 34',
    '3 split is "verify", but must be train or test',
    '- ./b.bs2 has 7 bytes, which are no whole events of 5',
    '- there is no file ./d.bs2',
  ]);
  assert.equal(said(folder({ 'labels.csv': 'file,label\n' })), ['- ./labels.csv has no column split; it has file, label']);
  assert.equal(said(folder({ 'labels.csv': 'file,split,label\n' })), ['- ./labels.csv names no files']);
  assert.equal(said(folder({ 'labels.csv': 'file,split,label\na,train\n' })), ['2 has 2 values for 3 columns']);
});

/** A WAVE file of 16 bits with a tone. */
function wav(seconds: number, channels = 1, format = 1): Uint8Array {
  const rate = 8000;
  const n = Math.round(seconds * rate);
  const bytes = new Uint8Array(44 + 2 * n * channels);
  const view = new DataView(bytes.buffer);
  const text = (at: number, word: string): void =>
    bytes.set(
      [...word].map((letter) => letter.charCodeAt(0)),
      at,
    );
  text(0, 'RIFF');
  view.setUint32(4, 36 + 2 * n * channels, true);
  text(8, 'WAVEfmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, format, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, rate, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, 2 * n * channels, true);
  for (let k = 0; k < n; k++) {
    for (let c = 0; c < channels; c++)
      view.setInt16(44 + 2 * (k * channels + c), Math.round((c === 0 ? 16000 : 8000) * Math.sin(k / 3)), true);
  }
  return bytes;
}

test('sounds of 16 bits are read, several channels as their mean', () => {
  const { rate, samples } = readWav(wav(0.1, 2), 'a.wav');
  assert.is(rate, 8000);
  assert.is(samples.length, 800);
  assert.ok(Math.abs(samples[5] - (12000 / 32768) * Math.sin(5 / 3)) < 1e-4);
});

test('a sound that cannot be read is refused with the reason', () => {
  const refused = (bytes: Uint8Array): string => problemsOf(() => readWav(bytes, 'a.wav'))[0].message;
  assert.is(refused(new Uint8Array(3)), 'a.wav is no WAVE file');
  assert.is(refused(wav(0.1, 1, 3)), 'a.wav has format 3 with 16 bits');
  assert.is(refused(wav(0.1, 0)), 'a.wav has 0 channels at 8000 Hz');
  assert.is(refused(wav(0.1).subarray(0, 100)), 'a.wav ends inside its part "data"');
  assert.is(refused(wav(0.1).subarray(0, 36)), 'a.wav has no sound in it');
});

test('spoken digits: late takes are the test, and every sound is a picture', () => {
  const index = 'file,digit,speaker,take\n0_a_5.wav,0,a,5\n1_a_5.wav,1,a,5\n0_a_45.wav,0,a,45\n';
  const sounds = Object.fromEntries(['0_a_5', '1_a_5', '0_a_45'].map((name, n) => [`recordings/${name}.wav`, wav(0.2 + n / 10)]));
  const { train, test: held } = readSampleFolder(folder({ 'index.csv': index, ...sounds }));
  assert.equal([train.count, train.rows, train.columns, held.count], [2, 32, 20, 1]);
  assert.equal([...train.labels].toSorted(), [0, 1]);
  assert.is(Math.max(...held.pixels), 255);
  assert.equal(
    said(
      folder({
        'index.csv': 'file,digit,speaker,take\n0_a_5.wav,x,a,5\n0_a_6.wav,0,a,6\n',
        'recordings/0_a_6.wav': wav(0.1).subarray(0, 20),
      }),
    ),
    [
      '2 digit is "x", but must be a whole number from 0 to 9',
      '- there is no file ./recordings/0_a_5.wav',
      '- ./recordings/0_a_6.wav ends inside its part "fmt "',
    ],
  );
  assert.equal(said(folder({ 'index.csv': 'file,digit,speaker,take\n0_a_5.wav,0,a,5\n', 'recordings/0_a_5.wav': wav(0.1) })), [
    '- ./index.csv has no take from 45 on, of which the test part is made',
  ]);
});

test.run();
