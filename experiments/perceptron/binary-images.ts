/** Images as the perceptron benchmark sees them: the 20 × 20 pixels in the middle of a 28 × 28 image, black or white. */
import { UserError } from '../../core/errors.ts';
import type { LabelledImages } from '../../formats/labelled-images.ts';

export const SIDE = 20;
const THRESHOLD = 0.5;

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
