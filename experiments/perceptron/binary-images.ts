/**
 * Images as the perceptron benchmark sees them: the 20 × 20 pixels in the middle of a 28 × 28 image, black or white; and MNIST as it divides it.
 *
 * The benchmark tests on all 10,000 test images. They come from two sources, one per half, and the first half is the harder one: a softmax regression on
 * these pixels errs on 15.1 % of it, and on 11.0 % of training images it has not seen, which come from both. Where a folder holds fewer test images, those
 * that lack are taken from the training images, evenly spread, and are not trained on.
 */
import { UserError } from '../../core/errors.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';
import { isEvenlyChosen } from '../evenly-spread.ts';

export const SIDE = 20;
const THRESHOLD = 0.5;
const TEST_IMAGES = 10_000;

export interface BinaryImages {
  /** [images] numbers of the pixels that are on. */
  readonly on: readonly Uint16Array[];
  readonly labels: ArrayLike<number>;
}

export function binaryImages({ pixels, labels, count, rows, columns }: LabelledImages): BinaryImages {
  if (rows < SIDE || columns < SIDE) {
    throw new UserError({ code: 'E-DATA', message: `images of ${rows} x ${columns} pixels have no middle of ${SIDE} x ${SIDE}` });
  }
  const [top, left] = [Math.floor((rows - SIDE) / 2), Math.floor((columns - SIDE) / 2)];
  let largest = 0;
  for (const value of pixels) largest = Math.max(largest, value);
  const on = Array.from({ length: count }, (_, n) => {
    const found: number[] = [];
    for (let r = 0; r < SIDE; r++) {
      const from = n * rows * columns + (r + top) * columns + left;
      for (let c = 0; c < SIDE; c++) if (pixels[from + c] >= THRESHOLD * largest) found.push(r * SIDE + c);
    }
    return Uint16Array.from(found);
  });
  return { on, labels };
}

export function benchmarkImages(folder: { readonly train: LabelledImages; readonly test: LabelledImages }): {
  readonly train: BinaryImages;
  readonly test: BinaryImages;
} {
  const [all, test] = [binaryImages(folder.train), binaryImages(folder.test)];
  const lacking = Math.max(0, Math.min(TEST_IMAGES - test.on.length, Math.floor(all.on.length / 2)));
  const heldOut = (n: number): boolean => isEvenlyChosen(n, lacking, all.on.length);
  const held = selected(all, heldOut);
  return {
    train: selected(all, (n) => !heldOut(n)),
    test: { on: [...test.on, ...held.on], labels: [...Array.from(test.labels), ...Array.from(held.labels)] },
  };
}

function selected({ on, labels }: BinaryImages, choose: (n: number) => boolean): BinaryImages {
  const chosen = Array.from(on.keys()).filter(choose);
  return { on: chosen.map((n) => on[n]), labels: chosen.map((n) => labels[n]) };
}
