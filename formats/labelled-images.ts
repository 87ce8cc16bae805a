/**
 * Grey images with a class each, all of one size, and the few operations on them that experiments need. The pixels lie in a
 * SharedArrayBuffer, so that runs on worker threads read the same memory instead of a copy each; nobody writes to them after they are made.
 */
import { createHash } from 'node:crypto';
import { InternalError, UserError } from '../core/errors.ts';
import { shuffledIndices, streamOf } from '../core/random.ts';

export interface LabelledImages {
  /** Which images these are, for tables and figures, e.g. `t10k-first5000`. */
  readonly name: string;
  readonly count: number;
  readonly rows: number;
  readonly columns: number;
  /** Labels are 0 … classes-1. */
  readonly classes: number;
  /** [count][rows*columns] brightness 0 (background) … 255 (ink), row-major, on a SharedArrayBuffer. */
  readonly pixels: Uint8Array;
  /** [count] class of each image. */
  readonly labels: Uint8Array;
}

/** The images at `indices`, in that order, copied. */
export function subset(images: LabelledImages, indices: ArrayLike<number>, name = images.name): LabelledImages {
  const size = images.rows * images.columns;
  const pixels = new Uint8Array(new SharedArrayBuffer(indices.length * size));
  const labels = new Uint8Array(indices.length);
  for (let k = 0; k < indices.length; k++) {
    const index = indices[k];
    if (!(Number.isInteger(index) && index >= 0 && index < images.count)) throw new InternalError(`image ${index} of ${images.count}`);
    pixels.set(images.pixels.subarray(index * size, (index + 1) * size), k * size);
    labels[k] = images.labels[index];
  }
  return { ...images, name, count: indices.length, pixels, labels };
}

/** The first n images, as views of the same memory. */
export function firstImages(images: LabelledImages, n: number): LabelledImages {
  if (!(Number.isInteger(n) && n >= 0 && n <= images.count)) throw new InternalError(`first ${n} of ${images.count} images`);
  if (n === images.count) return images;
  return { ...images, count: n, pixels: images.pixels.subarray(0, n * images.rows * images.columns), labels: images.labels.subarray(0, n) };
}

/**
 * Sets a random `validationFraction` of the images aside (rounded to whole images) for choosing hyperparameters. Both parts keep the order
 * of the images; no image is in both.
 */
export function split(
  images: LabelledImages,
  validationFraction: number,
  seed: number,
): { train: LabelledImages; validation: LabelledImages } {
  const nValidation = Math.round(validationFraction * images.count);
  if (!(validationFraction >= 0 && validationFraction < 1) || nValidation >= images.count) {
    throw new UserError({
      code: 'E-RANGE',
      message: `a validation fraction of ${validationFraction} leaves no training image of ${images.count}; allowed are 0 up to, not including, 1`,
      got: String(validationFraction),
      hint: 'give a smaller fraction such as 0.1, or more training images',
    });
  }
  const order = shuffledIndices(seed, streamOf('validation-split'), images.count);
  return {
    train: subset(images, order.subarray(nValidation).sort()),
    validation: subset(images, order.subarray(0, nValidation).sort(), `${images.name} validation`),
  };
}

/** SHA-256 (hex) of the sizes, pixels and labels; the name does not enter, so the same images have the same hash wherever they come from. */
export function hashLabelledImages(images: LabelledImages): string {
  const { count, rows, columns, classes, pixels, labels } = images;
  return createHash('sha256').update(`${count} ${rows} ${columns} ${classes}\n`).update(pixels).update(labels).digest('hex');
}
