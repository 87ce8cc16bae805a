/**
 * Finds and reads the four idx files of an MNIST-like data set (MNIST, Fashion-MNIST, and slices of them) in one folder. Files are known
 * by their names: `train-images…idx3-ubyte`, `train-labels…idx1-ubyte`, `t10k…-images…idx3-ubyte`, `t10k…-labels…idx1-ubyte`, with `-` or
 * `.` before `idx`, and `.gz` or nothing behind; where both the packed and the unpacked file are there, the unpacked one is read. How many
 * images there are is read from the files. Everything that is wrong with the four files is reported at once.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../core/errors.ts';
import { UserError } from '../core/errors.ts';
import type { IdxContent, IdxFile } from './idx.ts';
import { fileProblem, idxContentProblem, readIdxFile } from './idx.ts';
import type { LabelledImages } from './labelled-images.ts';

export interface MnistFolder {
  readonly train: LabelledImages;
  readonly test: LabelledImages;
  /** The four files that were read: training images and labels, test images and labels. */
  readonly files: readonly { readonly path: string; readonly sha256: string }[];
}

const CLASSES = 10;

/** How many names of a folder a message lists. */
const NAMES_SHOWN = 12;

interface WantedFile {
  readonly what: string;
  readonly content: IdxContent;
  readonly pattern: RegExp;
  /** The pattern as people write it. */
  readonly glob: string;
}

const WANTED: readonly WantedFile[] = [
  { what: 'training images', content: 'images', pattern: /^train-images.*[-.]idx3-ubyte(\.gz)?$/, glob: 'train-images*idx3-ubyte' },
  { what: 'training labels', content: 'labels', pattern: /^train-labels.*[-.]idx1-ubyte(\.gz)?$/, glob: 'train-labels*idx1-ubyte' },
  { what: 'test images', content: 'images', pattern: /^t10k.*-images.*[-.]idx3-ubyte(\.gz)?$/, glob: 't10k*-images*idx3-ubyte' },
  { what: 'test labels', content: 'labels', pattern: /^t10k.*-labels.*[-.]idx1-ubyte(\.gz)?$/, glob: 't10k*-labels*idx1-ubyte' },
];

export function readMnistFolder(dir: string): MnistFolder {
  const paths = findFiles(dir);
  const problems: Problem[] = [];
  const [trainImages, trainLabels, testImages, testLabels] = paths.map((path, k) => readAs(path, WANTED[k].content, problems));
  checkPair(trainImages, trainLabels, problems);
  checkPair(testImages, testLabels, problems);
  checkSameSize(trainImages, testImages, problems);
  if (problems.length > 0 || !trainImages || !trainLabels || !testImages || !testLabels) throw new UserError(problems);
  return {
    train: labelledImages(trainImages, trainLabels),
    test: labelledImages(testImages, testLabels),
    files: [trainImages, trainLabels, testImages, testLabels].map(({ path, sha256 }) => ({ path, sha256 })),
  };
}

/** The paths of the four files, in the order of `WANTED`. */
function findFiles(dir: string): string[] {
  let names: string[];
  try {
    names = readdirSync(dir).sort();
  } catch (error) {
    throw new UserError(fileProblem(error, dir, 'folder'));
  }
  const problems: Problem[] = [];
  const missing: WantedFile[] = [];
  const found: string[] = [];
  for (const wanted of WANTED) {
    const matches = names.filter((name) => wanted.pattern.test(name) && !(name.endsWith('.gz') && names.includes(name.slice(0, -3))));
    if (matches.length === 0) missing.push(wanted);
    if (matches.length > 1) {
      problems.push({
        code: 'E-AMBIGUOUS',
        message: `${dir} has ${matches.length} files of ${wanted.what}: ${matches.join(', ')}`,
        hint: 'leave one of them in the folder, or give a folder that holds one data set',
      });
    }
    found.push(join(dir, matches[0] ?? ''));
  }
  if (missing.length > 0) {
    problems.push({
      code: 'E-NOT-FOUND',
      message: `${dir} has no ${missing.map(({ what, glob }) => `${what} (${glob})`).join(', no ')}; it holds ${listNames(names)}`,
      hint: 'the names may have "-" or "." before "idx", and may end in ".gz"',
    });
  }
  if (problems.length > 0) throw new UserError(problems);
  return found;
}

function listNames(names: readonly string[]): string {
  if (names.length === 0) return 'nothing';
  const rest = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).join(', ') + (rest > 0 ? ` and ${rest} more` : '');
}

/** The file, or nothing when it cannot be used; the reasons are added to `problems`. */
function readAs(path: string, content: IdxContent, problems: Problem[]): IdxFile | undefined {
  try {
    const file = readIdxFile(path);
    const problem = idxContentProblem(file, content, path) ?? emptyProblem(file, content);
    if (problem === undefined) return file;
    problems.push(problem);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    problems.push(...error.problems);
  }
  return undefined;
}

function emptyProblem({ path, shape }: IdxFile, content: IdxContent): Problem | undefined {
  if (shape.every((size) => size > 0)) return undefined;
  return { code: 'E-EMPTY', message: `${path} holds no ${content} (its sizes are ${shape.join(' x ')})` };
}

function checkPair(images: IdxFile | undefined, labels: IdxFile | undefined, problems: Problem[]): void {
  if (images && labels && images.shape[0] !== labels.shape[0]) {
    problems.push({
      code: 'E-COUNTS-DIFFER',
      message: `${images.path} has ${images.shape[0]} images but ${labels.path} has ${labels.shape[0]} labels`,
      hint: 'take both files from the same data set',
    });
  }
  if (!labels) return;
  const first = labels.data.findIndex((label: number) => label >= CLASSES);
  if (first < 0) return;
  let outside = 0;
  for (const label of labels.data) if (label >= CLASSES) outside++;
  problems.push({
    code: 'E-LABEL',
    message: `${labels.path} has label ${labels.data[first]} at index ${first}${outside > 1 ? ` and ${outside - 1} more` : ''} outside 0 to ${CLASSES - 1}`,
  });
}

function checkSameSize(train: IdxFile | undefined, test: IdxFile | undefined, problems: Problem[]): void {
  if (!train || !test || (train.shape[1] === test.shape[1] && train.shape[2] === test.shape[2])) return;
  problems.push({
    code: 'E-SIZES-DIFFER',
    message: `${train.path} has images of ${train.shape[1]} x ${train.shape[2]} pixels but ${test.path} of ${test.shape[1]} x ${test.shape[2]}`,
    hint: 'take all four files from the same data set',
  });
}

function labelledImages(images: IdxFile, labels: IdxFile): LabelledImages {
  const [count, rows, columns] = images.shape;
  const pixels = new Uint8Array(new SharedArrayBuffer(count * rows * columns));
  pixels.set(images.data);
  return { name: nameOf(images.path), count, rows, columns, classes: CLASSES, pixels, labels: Uint8Array.from(labels.data) };
}

/** `t10k-first5000` of `…/t10k-first5000-images-idx3-ubyte.gz`: the words of the file's name that say which images these are. */
function nameOf(imagesPath: string): string {
  const file = imagesPath.replace(/^.*[/\\]/, '');
  return file.replace(/[-.]idx3-ubyte(\.gz)?$/, '').replace('-images', '');
}
