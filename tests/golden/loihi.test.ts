/**
 * Every recorded case of Lava and nengo-loihi, through the package's public functions, by the same code as `npm run golden`. What the compiled
 * programs of the chip make of them is in loihi-neurons, loihi-products and loihi-learning.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import { goldenFiles, goldenReport, lavaReference, runGolden } from '../../index.ts';
import { skipWithoutShared } from '../support/skip-without.ts';

const FOLDER = 'golden/loihi';

skipWithoutShared(test, 'all recorded cases of Lava and nengo-loihi are reproduced', FOLDER, (folder) => {
  const results = runGolden(folder);
  assert.equal(
    results.filter(({ complaint }) => complaint !== undefined),
    [],
  );
  assert.is(results.length, 85);
});

skipWithoutShared(test, "Lava's own random streams give what the recorded tapes give", FOLDER, (folder) => {
  let compared = 0;
  for (const file of goldenFiles(folder)) {
    const { kind, arithmetic, parameters, inputs, expected, rng } = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    if (kind !== 'learning' || arithmetic !== 'bit_approximate' || rng.mode === 'constant') continue;
    const {
      weights,
      sign_mode = 'MIXED',
      num_weight_bits = 8,
      graded_spike_cfg = 0,
      num_message_bits = 0,
      tag_1,
      tag_2,
    } = parameters.connection;
    const connection = lavaReference({
      rule: parameters.rule,
      weights,
      ...(tag_1 === undefined ? {} : { tag: tag_1 }),
      ...(tag_2 === undefined ? {} : { delayVariable: tag_2 }),
      sign: sign_mode.toLowerCase(),
      weightBits: num_weight_bits,
      messageBits: num_message_bits,
      gradedSpikes: graded_spike_cfg,
    });
    inputs.pre.forEach((pre: number[], row: number) => {
      const received = inputs.y1 === undefined ? {} : { y1: inputs.y1[row], y2: inputs.y2[row], y3: inputs.y3[row] };
      connection.receive(pre, inputs.post[row], received);
      assert.equal(connection.variables.w, expected.weights[row], `${file}, step ${row + 1}`);
    });
    compared++;
  }
  assert.ok(compared >= 20, `${compared} compared`);
});

/** A folder of cases made here. */
function withFolder(files: Readonly<Record<string, unknown>>, body: (folder: string) => void): void {
  const folder = mkdtempSync(join(tmpdir(), 'hillock-golden-'));
  try {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), JSON.stringify(content));
    }
    body(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const literals = (literal: string) => ({ kind: 'unit_literal', cases: [{ value: 1.5, literal }] });

test('a case that differs is one line that says what differs first', () => {
  withFolder({ 'a/good.json': literals('(1) * 2 ^ 1'), 'b.json': literals('(3) * 2 ^ -1') }, (folder) => {
    const { lines, ok } = goldenReport(folder);
    assert.equal(lines, ['FAIL  b.json  literal of 1.5: "(1) * 2 ^ 1", recorded "(3) * 2 ^ -1"', '1 passed, 1 failed']);
    assert.not(ok);
  });
});

test('a kind that nobody checks, a broken file and a file that is only listed count as failed', () => {
  const index = { files: [{ file: 'gone.json' }, { file: 'odd.json' }] };
  withFolder({ 'index.json': index, 'odd.json': { kind: 'weather' }, 'half.json': { kind: 'lif' } }, (folder) => {
    const complaints = runGolden(folder).map(({ file, complaint = '' }) => [file, complaint.slice(0, 32)]);
    assert.equal(
      complaints.map(([file]) => file),
      ['gone.json', 'odd.json', 'half.json'],
    );
    assert.ok(complaints.every(([, complaint]) => complaint.length > 0));
    assert.is(complaints[1][1], 'no check for the kind "weather"');
  });
});

const LIF = {
  kind: 'lif',
  arithmetic: 'bit_accurate',
  parameters: { n: 1, du: 0, dv: 0, vth: 10, bias_mant: 0, bias_exp: 0 },
  inputs: { a_in: [[1], [0]] },
  expected: { u: [[64], [63]], v: [[64], [127]], s: [[0], [0]] },
} as const;

/** What the runner says of one case; empty if it passes. */
function complaintOf(recording: unknown): string {
  let complaint = '';
  withFolder({ 'case.json': recording }, (folder) => {
    complaint = runGolden(folder)[0].complaint ?? '';
  });
  return complaint;
}

test('a field that no check reads, a field that is missing, and a word that is not known are named', () => {
  assert.is(complaintOf(LIF), '');
  const { parameters, expected } = LIF;
  assert.match(complaintOf({ ...LIF, parameters: { ...parameters, delta: 1 } }), /^parameters holds delta, which this check does not know/);
  assert.match(complaintOf({ ...LIF, expected: { ...expected, w: [[0], [0]] } }), /^expected holds w, which this check does not know/);
  assert.is(complaintOf({ ...LIF, inputs: {} }), 'inputs lacks a_in');
  assert.is(complaintOf({ ...LIF, parameters: { ...parameters, vth: undefined } }), 'parameters lacks vth');
  assert.match(complaintOf({ ...LIF, expected: {} }), /^expected holds none of u, v, s: nothing to compare$/);
  assert.is(complaintOf({ ...LIF, expected: { ...expected, s: [[0]] } }), 'expected.s has 1 rows, the run 2 steps');
  assert.match(complaintOf({ ...LIF, arithmetic: 'posit' }), /^arithmetic is "posit"; this check knows/);
  assert.match(complaintOf({ kind: 'unit_literal', cases: [] }), /^cases is not a list with cases in it$/);
  assert.match(
    complaintOf({ kind: 'weights_clip_truncate', cases: [{ sign_mode: 'SIGNED', weights: [1], truncated: [1] }] }),
    /^case 1, sign_mode is "signed"; this check knows mixed, excitatory, inhibitory$/,
  );
});

test('a crash is no refusal', () => {
  // a text that is no text cannot be read, which is not what was recorded
  assert.match(complaintOf({ kind: 'unit_parser', cases: [{ rule: 7, target: 'dw', ok: 0 }] }), /^TypeError/);
});

skipWithoutShared(test, 'a wrong value anywhere in a recording is found, and so is a field that went away or came in', FOLDER, (folder) => {
  for (const file of goldenFiles(folder)) {
    const recording = JSON.parse(readFileSync(join(folder, file), 'utf8'));
    for (const name of Object.keys(recording.expected ?? {})) {
      const series = recording.expected[name];
      const wrong = structuredClone(recording);
      wrong.expected[name][series.length - 1] = series.at(-1).map((value: unknown) => (Array.isArray(value) ? value.map(() => 0.5) : 0.5));
      assert.ok(complaintOf(wrong) !== '', `${file}: ${name}`);
    }
    if (recording.parameters !== undefined) {
      assert.match(complaintOf({ ...recording, parameters: { ...recording.parameters, oddity: 3 } }), /oddity/, file);
    }
    if (recording.inputs !== undefined && Object.keys(recording.inputs).length > 0) {
      assert.match(complaintOf({ ...recording, inputs: { ...recording.inputs, oddity: 3 } }), /oddity/, file);
      if (recording.kind !== 'closed_loop') assert.match(complaintOf({ ...recording, inputs: {} }), /^inputs lacks/, file);
    }
    if (Array.isArray(recording.cases)) {
      assert.match(complaintOf({ ...recording, cases: [...recording.cases, { ...recording.cases[0], oddity: 3 }] }), /oddity/, file);
    }
  }
});

test('a recorded error must be refused', () => {
  const parser = { kind: 'unit_parser', cases: [{ rule: 'x0*y1', target: 'dw', ok: 0, error: 'ValueError' }] };
  withFolder({ 'parser.json': parser }, (folder) =>
    assert.match(goldenReport(folder).lines[0], /^FAIL {2}parser\.json {2}dw = x0\*y1: .* recorded an error$/),
  );
});

test('an empty folder is no success, and a missing one is named', () => {
  withFolder({}, (folder) => assert.equal(goldenReport(folder), { lines: ['0 passed, 0 failed'], ok: false }));
  assert.throws(() => goldenReport('no/such/folder'), /no\/such\/folder: there is no such folder/);
});

test.run();
