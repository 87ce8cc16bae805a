/**
 * Generated digits, so that a first run needs no download: our own 5 x 7 drawings of 0 … 9 on an 8 x 8 grid, shifted, with flipped pixels
 * and uneven brightness. Image k depends on the seed and on k alone, so a longer set begins with the shorter one; the parts `train` and
 * `test` draw from different streams of random numbers. Classes are balanced: each run of ten images has every digit once, in random order.
 */
import type { Problem } from '../../core/errors.ts';
import { UserError } from '../../core/errors.ts';
import { integerAt, MAX_SEED, streamOf, uniformAt } from '../../core/random.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';

export interface GlyphOptions {
  readonly seed: number;
  readonly count: number;
  /** Which of two independent sets; default `train`. */
  readonly part?: 'train' | 'test';
  /** Probability that an image is shifted by one pixel to the right, and that it is shifted by one down, independently; default 0.05. */
  readonly jitter?: number;
  /** Probability that a pixel changes between ink and background; default 0.04. */
  readonly flips?: number;
  /** Background pixels are uniform in 0 … offMax of full brightness; default 0.1. */
  readonly offMax?: number;
  /** Ink pixels are uniform in 0.7 … 1.0 times this; default 1. */
  readonly contrast?: number;
}

export const GLYPH_SIZE = 8;
export const GLYPH_CLASSES = 10;

const FONT_ROWS = 7;
const FONT_COLUMNS = 5;
/** Columns of background left of an unshifted drawing; above it there is none. */
const LEFT_MARGIN = 1;
const INK_MIN = 0.7;

/** One text row per pixel row, the digits 0 … 9 side by side. */
const FONT: readonly string[] = [
  ' ###    #    ###  #####    #  #####  ###  #####  ###   ### ',
  '#   #  ##   #   #     #   ##  #     #         # #   # #   #',
  '#   #   #       #    #   # #  #     #        #  #   # #   #',
  '#   #   #      #   ##   #  #  ####  ####    #    ###   ####',
  '#   #   #     #      #  #####     # #   #  #    #   #     #',
  '#   #   #    #        #    #  #   # #   #  #    #   #     #',
  ' ###   ###  #####  ###     #   ###   ###   #     ###   ### ',
];

/** [GLYPH_SIZE*GLYPH_SIZE] 1 where an unflipped drawing of `digit`, shifted by (right, down), has ink. */
export function glyphTemplate(digit: number, right: number, down: number): Uint8Array {
  const ink = new Uint8Array(GLYPH_SIZE * GLYPH_SIZE);
  for (let row = 0; row < FONT_ROWS; row++) {
    for (let column = 0; column < FONT_COLUMNS; column++) {
      if (FONT[row][digit * (FONT_COLUMNS + 1) + column] === '#') ink[(row + down) * GLYPH_SIZE + LEFT_MARGIN + column + right] = 1;
    }
  }
  return ink;
}

export function generateGlyphs(options: GlyphOptions): LabelledImages {
  const { seed, count, part = 'train', jitter = 0.05, flips = 0.04, offMax = 0.1, contrast = 1 } = options;
  checkGlyphOptions({ seed, count, part, jitter, flips, offMax, contrast });
  const size = GLYPH_SIZE * GLYPH_SIZE;
  const pixels = new Uint8Array(new SharedArrayBuffer(count * size));
  const labels = new Uint8Array(count);
  const classes = streamOf(`glyphs/${part}/class`);
  const shifts = streamOf(`glyphs/${part}/shift`);
  const noise = streamOf(`glyphs/${part}/pixel`);
  for (let k = 0; k < count; k++) {
    const digit = balancedClass(seed, classes, k);
    const shifted = (site: number) => (uniformAt(seed, shifts, k, 0, site) < jitter ? 1 : 0);
    const ink = glyphTemplate(digit, shifted(0), shifted(1));
    labels[k] = digit;
    for (let p = 0; p < size; p++) {
      const flipped = uniformAt(seed, noise, k, p, 0) < flips;
      const u = uniformAt(seed, noise, k, p, 1);
      const brightness = (ink[p] === 1) !== flipped ? contrast * (INK_MIN + (1 - INK_MIN) * u) : offMax * u;
      pixels[k * size + p] = Math.round(255 * brightness);
    }
  }
  return { name: `glyphs ${part}`, count, rows: GLYPH_SIZE, columns: GLYPH_SIZE, classes: GLYPH_CLASSES, pixels, labels };
}

/** Place k mod 10 of the random permutation of the classes that belongs to this run of ten images (Fisher-Yates from the end). */
function balancedClass(seed: number, stream: number, k: number): number {
  const block = Math.floor(k / GLYPH_CLASSES);
  const order = Array.from({ length: GLYPH_CLASSES }, (_, digit) => digit);
  for (let i = GLYPH_CLASSES - 1; i > 0; i--) {
    const j = integerAt(seed, stream, block, i, i + 1);
    const held = order[i];
    order[i] = order[j];
    order[j] = held;
  }
  return order[k % GLYPH_CLASSES];
}

function checkGlyphOptions(options: Required<GlyphOptions>): void {
  const problems: Problem[] = [];
  const check = (field: keyof GlyphOptions, fits: boolean, allowed: string) => {
    if (fits) return;
    const got = String(options[field]);
    problems.push({ code: 'E-RANGE', message: `is ${got}; allowed are ${allowed}`, where: { path: field }, got, expected: allowed });
  };
  const between = (value: number, low: number, high: number) => value >= low && value <= high;
  check('seed', Number.isInteger(options.seed) && between(options.seed, 0, MAX_SEED), `whole numbers 0 to ${MAX_SEED}`);
  check('count', Number.isInteger(options.count) && between(options.count, 1, 1e7), 'whole numbers 1 to 10000000');
  check('part', options.part === 'train' || options.part === 'test', '"train" and "test"');
  check('jitter', between(options.jitter, 0, 1), 'probabilities 0 to 1');
  check('flips', between(options.flips, 0, 0.5), 'probabilities 0 to 0.5');
  check('offMax', between(options.offMax, 0, 1), '0 to 1 of full brightness');
  check('contrast', between(options.contrast, 0, 1), '0 to 1');
  if (problems.length > 0) throw new UserError(problems);
}
