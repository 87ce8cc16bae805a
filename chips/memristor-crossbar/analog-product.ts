/**
 * One analog matrix-vector product in the periphery order of aihwkit 1.1.0: scale by the largest input, DAC, array with optional IR-drop
 * estimate, noise of the outputs, ADC, bound management, undo the scaling. For event-driven spikes none of this is needed: a spike is a read
 * pulse of one amplitude. It serves rules that read vectors, and comparison with the tool.
 */
import { polynomialIrDrop } from '../../core/wires/shortcuts.ts';
import { roundHalfEven } from './converters.ts';

export interface AnalogPeriphery {
  /** Steps over -bound … bound; 0 for no quantisation. */
  readonly inputSteps: number;
  readonly inputBound: number;
  readonly outputSteps: number;
  readonly outputBound: number;
  /** Halve the input and repeat while any output hits its bound. */
  readonly boundManagement: boolean;
  /** 0 for no wire loss, 1 for the polynomial estimate. */
  readonly irDropScale: number;
  /** Conductance of a wire segment over that of a full weight; for the estimate. */
  readonly wireToDeviceConductanceRatio: number;
  /** Standard deviation of the additive noise before the ADC; 0 or absent for none. */
  readonly outputNoise?: number;
}

/** Passes after which bound management gives up: the input is then a thousandth of what it was. */
const MOST_PASSES = 11;

/**
 * @param weights [outputs][inputs]; @param x [inputs]
 * @param normal draws a standard normal number for (output, pass); only asked when there is noise
 * @returns y [outputs] in units of weight × input, and the passes it took
 */
export function analogProduct(
  weights: readonly ArrayLike<number>[],
  x: ArrayLike<number>,
  periphery: AnalogPeriphery,
  normal: (output: number, pass: number) => number = () => 0,
): { readonly y: Float64Array; readonly passes: number } {
  const { inputBound, inputSteps, outputBound, outputSteps, boundManagement, outputNoise = 0 } = periphery;
  let largest = 0;
  for (let j = 0; j < x.length; j++) largest = Math.max(largest, Math.abs(x[j]));
  const y = new Float64Array(weights.length);
  if (largest === 0) return { y, passes: 1 };
  let scale = largest;
  for (let pass = 1; ; pass++) {
    const driven = Float64Array.from({ length: x.length }, (_, j) => quantised(x[j] / scale, inputSteps, inputBound));
    let full = false;
    for (const [i, row] of weights.entries()) {
      const current =
        polynomialIrDrop(row, driven, periphery.wireToDeviceConductanceRatio, periphery.irDropScale) +
        (outputNoise === 0 ? 0 : outputNoise * normal(i, pass));
      const read = quantised(current, outputSteps, outputBound);
      full ||= Math.abs(read) >= outputBound;
      y[i] = read * scale;
    }
    if (!full || !boundManagement || pass === MOST_PASSES) return { y, passes: pass };
    scale *= 2;
  }
}

/** To the nearest multiple of 2·bound/steps, then clipped. */
function quantised(value: number, steps: number, bound: number): number {
  const step = (2 * bound) / steps;
  const near = steps === 0 ? value : roundHalfEven(value / step) * step;
  return Math.min(bound, Math.max(-bound, near));
}
