/**
 * Images as the first spikes of contrast cells: differences of Gaussians of several sizes, bright on dark and dark on bright, like the cells of the
 * retina; the stronger the contrast, the earlier the spike (Mozafari et al., Pattern Recognition 94:87, 2019; spike order: Thorpe, Delorme & Van Rullen,
 * Neural Networks 14:715, 2001). A contrast is measured against the mean of its neighbourhood, and every tick has as many spikes as any other.
 */
import type { ContrastCells } from '../experiment.ts';
import type { SpikeMap } from './spike-map.ts';
import { emptyMap } from './spike-map.ts';

/** Turns an image, [rows*columns] from `offset`, into first spikes of 2·filters maps. */
export function contrastCells(options: ContrastCells): (pixels: Uint8Array, offset: number) => SpikeMap {
  const { rows, columns, filters, contrast, neighbourhood, bins } = options;
  const places = rows * columns;
  const kernels = filters.flatMap((width) => [differenceOfGaussians(width, 1), differenceOfGaussians(width, -1)]);
  const maps = kernels.length;
  const response = new Float64Array(places);
  const strengths = new Float64Array(places * maps);
  return (pixels, offset) => {
    const spiking: number[] = [];
    for (const [map, kernel] of kernels.entries()) {
      filterImage(pixels, offset, kernel, options, response);
      for (let k = 0; k < places; k++) if (response[k] < contrast) response[k] = 0;
      const means = neighbourMeans(response, rows, columns, neighbourhood);
      for (let k = 0; k < places; k++) {
        if (response[k] === 0) continue;
        strengths[k * maps + map] = response[k] / means[k];
        spiking.push(k * maps + map);
      }
    }
    // strongest first; among equals in the order of the maps
    spiking.sort((a, b) => strengths[b] - strengths[a] || a - b);
    const out = emptyMap({ rows, columns, maps });
    const perBin = Math.max(1, Math.floor(spiking.length / bins));
    for (const [rank, k] of spiking.entries()) out.ticks[k] = Math.min(bins - 1, Math.floor(rank / perBin));
    return out;
  };
}

interface Kernel {
  readonly width: number;
  /** [width*width], sum 0, largest value 1 */
  readonly values: Float64Array;
}

/** @param sign 1 for bright on dark, -1 for dark on bright */
export function differenceOfGaussians(width: number, sign: 1 | -1): Kernel {
  const half = (width - 1) / 2;
  const gaussian = (squared: number, sd: number): number => Math.exp(-squared / (2 * sd * sd)) / (2 * Math.PI * sd * sd);
  const values = Float64Array.from({ length: width * width }, (_, k) => {
    const squared = (Math.floor(k / width) - half) ** 2 + ((k % width) - half) ** 2;
    return sign * (gaussian(squared, width / 9) - gaussian(squared, (2 * width) / 9));
  });
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const largest = values.reduce((most, value) => Math.max(most, value - mean), 0);
  return { width, values: values.map((value) => (value - mean) / largest) };
}

/** Adds the kernel wherever there is ink: images are mostly dark. */
function filterImage(
  pixels: Uint8Array,
  offset: number,
  { width, values }: Kernel,
  { rows, columns }: Pick<ContrastCells, 'rows' | 'columns'>,
  out: Float64Array,
): void {
  const half = (width - 1) / 2;
  out.fill(0);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      const ink = pixels[offset + y * columns + x];
      if (ink === 0) continue;
      const [top, bottom] = [Math.max(0, y - half), Math.min(rows - 1, y + half)];
      const [left, right] = [Math.max(0, x - half), Math.min(columns - 1, x + half)];
      for (let row = top; row <= bottom; row++) {
        const base = (row - y + half) * width - x + half;
        for (let column = left; column <= right; column++) out[row * columns + column] += ink * values[base + column];
      }
    }
  }
}

/** Mean over the square around each place; what is beyond the edge counts as 0. */
function neighbourMeans(values: Float64Array, rows: number, columns: number, reach: number): Float64Array {
  const stride = columns + 1;
  const sums = new Float64Array((rows + 1) * stride);
  for (let y = 0; y < rows; y++) {
    for (let x = 0; x < columns; x++) {
      sums[(y + 1) * stride + x + 1] =
        values[y * columns + x] + sums[y * stride + x + 1] + sums[(y + 1) * stride + x] - sums[y * stride + x];
    }
  }
  const area = (2 * reach + 1) ** 2;
  return Float64Array.from(values, (_, k) => {
    const [y, x] = [Math.floor(k / columns), k % columns];
    const [top, bottom] = [Math.max(0, y - reach), Math.min(rows, y + reach + 1)];
    const [left, right] = [Math.max(0, x - reach), Math.min(columns, x + reach + 1)];
    const sum = sums[bottom * stride + right] - sums[top * stride + right] - sums[bottom * stride + left] + sums[top * stride + left];
    return sum / area;
  });
}
