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
