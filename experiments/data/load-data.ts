/**
 * The images of an experiment, from a folder of idx files or generated. Of a folder the first `train` and the first `test` images are
 * taken, in the order of the files, never a random choice: a figure then names its images. Validation images are split off the training
 * images only, so hyperparameters are never chosen on test images.
 */
import type { Problem } from '../../core/errors.ts';
import { UserError } from '../../core/errors.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import { firstImages, hashLabelledImages, split } from '../../formats/labelled-images.ts';
import { readSampleFolder } from '../../formats/sample-folder.ts';
import type { GlyphOptions } from './glyphs.ts';
import { generateGlyphs } from './glyphs.ts';

export interface LoadDataOptions {
  /** Folder with the four files of an MNIST-like data set; generated glyphs when left out. */
  readonly data?: string;
  /** Number of training images, validation images included. Default: all of the folder; 2000 glyphs. */
  readonly train?: number;
  /** Number of test images. Default: all of the folder; 1000 glyphs. */
  readonly test?: number;
  /** Part of the training images that is set aside for validation, 0 (default) up to 1. */
  readonly validationFraction?: number;
  /** Seed of the generated glyphs and of the validation split. */
  readonly seed: number;
  /** How glyphs are drawn; has no effect on a folder. */
  readonly glyphs?: Omit<GlyphOptions, 'seed' | 'count' | 'part'>;
}

export interface LoadedData {
  readonly train: LabelledImages;
  /** Undefined without a validation fraction. */
  readonly validation: LabelledImages | undefined;
  readonly test: LabelledImages;
  /** Hashes of the files that were read and of the images that are used, for the result document. */
  readonly inputs: Readonly<Record<string, { readonly sha256: string; readonly what: string }>>;
}

const GLYPH_COUNTS = { train: 2000, test: 1000 } as const;

export function loadData(options: LoadDataOptions): LoadedData {
  checkCounts(options);
  const { data, seed, validationFraction = 0 } = options;
  const loaded = data === undefined ? generated(options) : fromFolder(data, options);
  return validationFraction === 0 ? loaded : { ...loaded, ...split(loaded.train, validationFraction, seed) };
}

function generated({ glyphs, seed, train, test }: LoadDataOptions): LoadedData {
  return described({
    train: generateGlyphs({ ...glyphs, seed, count: train ?? GLYPH_COUNTS.train, part: 'train' }),
    test: generateGlyphs({ ...glyphs, seed, count: test ?? GLYPH_COUNTS.test, part: 'test' }),
    inputs: {},
  });
}

function fromFolder(dir: string, counts: Pick<LoadDataOptions, 'train' | 'test'>): LoadedData {
  const { files, ...parts } = readSampleFolder(dir);
  const inputs = Object.fromEntries(files.map(({ path, sha256 }) => [path, { sha256, what: 'file' }]));
  return firstOf({ ...parts, inputs }, { ...counts, of: dir });
}

/** The first images of both parts of what was loaded from the folder `of`. */
export function firstOf(
  { train, test, inputs }: Pick<LoadedData, 'train' | 'test' | 'inputs'>,
  { of, ...counts }: Pick<LoadDataOptions, 'train' | 'test'> & { readonly of: string },
): LoadedData {
  const problems: Problem[] = [];
  const parts = {
    train: takeFirst(train, counts.train, 'train', `training images in ${of}`, problems),
    test: takeFirst(test, counts.test, 'test', `test images in ${of}`, problems),
  };
  if (problems.length > 0) throw new UserError(problems);
  return described({ ...parts, inputs });
}

/** With the hashes of the images that are used. */
function described({ train, test, inputs }: Pick<LoadedData, 'train' | 'test' | 'inputs'>): LoadedData {
  const hashed = (images: LabelledImages) => ({ sha256: hashLabelledImages(images), what: describe(images) });
  return { train, validation: undefined, test, inputs: { ...inputs, train: hashed(train), test: hashed(test) } };
}

function takeFirst(
  images: LabelledImages,
  wanted: number | undefined,
  option: 'train' | 'test',
  what: string,
  problems: Problem[],
): LabelledImages {
  if (wanted === undefined) return images;
  if (wanted <= images.count) return firstImages(images, wanted);
  problems.push({
    code: 'E-RANGE',
    message: `is ${wanted}, but there are only ${images.count} ${what}`,
    where: { path: option },
    got: String(wanted),
    expected: `1 to ${images.count}`,
    hint: `ask for ${images.count} or fewer, or leave it out to take all`,
  });
  return images;
}

function checkCounts(options: LoadDataOptions): void {
  const problems: Problem[] = [];
  for (const option of ['train', 'test'] as const) {
    const n = options[option];
    if (n === undefined || (Number.isInteger(n) && n >= 1)) continue;
    problems.push({ code: 'E-RANGE', message: `is ${n}; allowed are whole numbers from 1`, where: { path: option }, got: String(n) });
  }
  if (problems.length > 0) throw new UserError(problems);
}

function describe({ name, count, rows, columns }: LabelledImages): string {
  return `first ${count} images of ${name}, ${rows} x ${columns} pixels, with labels`;
}
