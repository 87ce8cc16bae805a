/**
 * A folder of spoken digits in the layout of the Free Spoken Digit Dataset: `index.csv` with the columns file, digit, speaker and take, and the sounds in
 * `recordings`. Each becomes a cochleagram. The last takes of every speaker and digit are for the test, so every speaker is in both parts; samples come in
 * one fixed random order, because the index is sorted by digit.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import { shuffledIndices, streamOf } from '../core/random.ts';
import { cochleagram } from './cochleagram.ts';
import { readCsvTable, wholeCell } from './csv-table.ts';
import { fileProblem } from './idx.ts';
import type { LabelledImages } from './labelled-images.ts';
import type { SampleFolder } from './sample-folder.ts';
import { readWav } from './wav.ts';

const SHAPE = { channels: 32, parts: 20, from: 100, to: 3600 } as const;
const CLASSES = 10;
/** Takes from this one on are for the test. */
const FIRST_TEST_TAKE = 45;

export const SPEECH_TABLE = 'index.csv';

interface Spoken {
  readonly label: number;
  readonly take: number;
  readonly picture: Uint8Array;
}

export function readSpeechFolder(dir: string): SampleFolder {
  const table = join(dir, SPEECH_TABLE);
  const rows = readCsvTable(dir, SPEECH_TABLE, ['file', 'digit', 'speaker', 'take']);
  const problems: Problem[] = [];
  const digest = createHash('sha256');
  const spoken = rows.flatMap((row): Spoken[] => {
    const label = wholeCell(row, 'digit', CLASSES - 1, table, problems);
    const take = wholeCell(row, 'take', 1e6, table, problems);
    const path = join(dir, 'recordings', row.cells.file);
    try {
      const bytes = readFileSync(path);
      digest.update(bytes);
      return [{ label, take, picture: cochleagram(readWav(bytes, path), SHAPE) }];
    } catch (error) {
      problems.push(...(error instanceof UserError ? error.problems : [fileProblem(error, path)]));
      return [];
    }
  });
  const parts = { train: spoken.filter(({ take }) => take < FIRST_TEST_TAKE), test: spoken.filter(({ take }) => take >= FIRST_TEST_TAKE) };
  for (const [name, part] of Object.entries(parts)) {
    if (part.length > 0 || problems.length > 0) continue;
    const which = name === 'test' ? `from ${FIRST_TEST_TAKE} on` : `below ${FIRST_TEST_TAKE}`;
    problems.push({ code: 'E-CSV', message: `${table} has no take ${which}, of which the ${name} part is made` });
  }
  if (problems.length > 0) throw new UserError(problems);
  return {
    train: gather(parts.train, 'spoken digits train'),
    test: gather(parts.test, 'spoken digits test'),
    files: [{ path: dir, sha256: digest.digest('hex') }],
  };
}

function gather(spoken: readonly Spoken[], name: string): LabelledImages {
  const size = SHAPE.channels * SHAPE.parts;
  const pixels = new Uint8Array(new SharedArrayBuffer(spoken.length * size));
  const order = shuffledIndices(1, streamOf('spoken-digits/order'), spoken.length);
  const labels = new Uint8Array(spoken.length);
  for (const [n, index] of order.entries()) {
    pixels.set(spoken[index].picture, n * size);
    labels[n] = spoken[index].label;
  }
  return { name, count: spoken.length, rows: SHAPE.channels, columns: SHAPE.parts, classes: CLASSES, pixels, labels };
}
