/**
 * Grey images with a class each, all of one size, and the few operations on them that experiments need. The pixels lie in a
 * SharedArrayBuffer, so that runs on worker threads read the same memory instead of a copy each; nobody writes to them after they are made.
 */
import { createHash } from 'node:crypto';
import { InternalError, UserError } from '../core/errors.ts';
import { shuffledIndices, streamOf } from '../core/random.ts';

/** Samples that are spikes: their pixels count them. */
export interface SampleSpikes {
  /** Ticks of a sample. */
  readonly ticks: number;
  /** [count + 1] sample n has the spikes start[n] … start[n + 1] - 1, by tick */
  readonly start: Int32Array;
  /** Ticks from 1, and pixels. */
  readonly tick: Uint16Array;
  readonly pixel: Uint16Array;
}

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
  /** Present where a sample is a stream of events. */
  readonly spikes?: SampleSpikes;
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
  const { spikes } = images;
  return {
    ...images,
    name,
    count: indices.length,
    pixels,
    labels,
    ...(spikes === undefined ? {} : { spikes: subsetSpikes(spikes, indices) }),
  };
}

function subsetSpikes({ ticks, start, tick, pixel }: SampleSpikes, indices: ArrayLike<number>): SampleSpikes {
  const total = Array.from(indices, (index) => start[index + 1] - start[index]).reduce((sum, n) => sum + n, 0);
  const kept = emptySpikes(ticks, indices.length, total);
  for (let k = 0; k < indices.length; k++) {
    const [from, end] = [start[indices[k]], start[indices[k] + 1]];
    kept.tick.set(tick.subarray(from, end), kept.start[k]);
    kept.pixel.set(pixel.subarray(from, end), kept.start[k]);
    kept.start[k + 1] = kept.start[k] + end - from;
  }
  return kept;
}

/** Room for the spikes of `count` samples, `total` in all, on shared memory. */
export const emptySpikes = (ticks: number, count: number, total: number): SampleSpikes => ({
  ticks,
  start: new Int32Array(new SharedArrayBuffer(4 * (count + 1))),
  tick: new Uint16Array(new SharedArrayBuffer(2 * total)),
  pixel: new Uint16Array(new SharedArrayBuffer(2 * total)),
});

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

/** SHA-256 (hex) of the sizes, pixels, labels and spikes; the name does not enter, so the same images have the same hash wherever they come from. */
export function hashLabelledImages(images: LabelledImages): string {
  const { count, rows, columns, classes, pixels, labels, spikes } = images;
  const hash = createHash('sha256').update(`${count} ${rows} ${columns} ${classes}\n`).update(pixels).update(labels);
  if (spikes !== undefined) {
    const end = spikes.start[count];
    hash.update(`${spikes.ticks}\n`).update(spikes.start.subarray(0, count + 1));
    hash.update(spikes.tick.subarray(0, end)).update(spikes.pixel.subarray(0, end));
  }
  return hash.digest('hex');
}
