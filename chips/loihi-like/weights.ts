/**
 * Integer weights. A stored weight is a whole number of up to 8 bits and a sign; with fewer bits its low bits are zero, so its step is a power
 * of two. Formats and truncation follow Lava's weightutils (clip_weights, truncate_weights): signs mixed cost one of the bits, so that 8 bits
 * mixed are the even numbers -256 … 254. The memory that an axon takes follows nengo-loihi's SynapseConfig.bits_per_axon.
 */
import { LOIHI } from './profile.ts';

export type SignMode = 'mixed' | 'excitatory' | 'inhibitory';

export interface WeightFormat {
  readonly sign: SignMode;
  /** 1 … 9, as Lava counts; 9 and 8 are the same without mixed signs. */
  readonly bits: number;
}

const FULL = 2 ** LOIHI.weightMagnitudeBits.value;

/** Low bits of a weight that are always zero. */
export function droppedBits({ sign, bits }: WeightFormat): number {
  return Math.max(0, LOIHI.weightMagnitudeBits.value - bits + (sign === 'mixed' ? 1 : 0));
}

/** Distance between two neighbouring weights. */
export const weightStep = (format: WeightFormat): number => 2 ** droppedBits(format);

/** Lowest and highest whole number before truncation. */
export function weightRange(sign: SignMode): { readonly low: number; readonly high: number } {
  if (sign === 'mixed') return { low: -FULL, high: FULL - 1 };
  return sign === 'excitatory' ? { low: 0, high: FULL - 1 } : { low: 1 - FULL, high: 0 };
}

/** Largest magnitude that the format holds on both of its sides. */
export function largestWeight(format: WeightFormat): number {
  const step = weightStep(format);
  return Math.floor((FULL - 1) / step) * step;
}

export function signOf(low: number, high: number): SignMode {
  return low >= 0 ? 'excitatory' : high <= 0 ? 'inhibitory' : 'mixed';
}

export function clipWeight(weight: number, sign: SignMode): number {
  const { low, high } = weightRange(sign);
  return Math.min(high, Math.max(low, weight));
}

/** Clears the low bits as Lava does: towards minus infinity, an inhibitory weight towards zero. */
export function truncateWeight(weight: number, format: WeightFormat): number {
  const step = weightStep(format);
  const truncated = format.sign === 'inhibitory' ? -Math.floor(-weight / step) * step : Math.floor(weight / step) * step;
  return truncated + 0;
}

/** Nearest weight that the format holds, halves towards plus infinity. */
export function nearestWeight(weight: number, format: WeightFormat): number {
  const step = weightStep(format);
  const { low, high } = levelRange(format);
  return Math.min(high, Math.max(low, Math.floor(weight / step + 0.5) * step)) + 0;
}

/** Lowest and highest weight of a format, multiples of its step. */
export function levelRange(format: WeightFormat): { readonly low: number; readonly high: number } {
  const { low, high } = weightRange(format.sign);
  const step = weightStep(format);
  return { low: Math.ceil(low / step) * step + 0, high: Math.floor(high / step) * step };
}

/** What turning weights into integers does to them; errors in network units. */
export interface Discretisation {
  /** [n] whole numbers */
  readonly integers: Float64Array;
  readonly clipped: number;
  /** Weights that are not zero and became it. */
  readonly vanished: number;
  readonly largestError: number;
  readonly rmsError: number;
}

/** @param scale integer = weight × scale */
export function discretise(weights: Float64Array, scale: number, format: WeightFormat): Discretisation {
  const { low, high } = levelRange(format);
  const half = weightStep(format) / 2;
  let [clipped, vanished, largestError, squares] = [0, 0, 0, 0];
  const integers = weights.map((weight) => {
    const wanted = weight * scale;
    const integer = nearestWeight(wanted, format);
    if (wanted < low - half || wanted > high + half) clipped++;
    if (integer === 0 && weight !== 0) vanished++;
    const error = Math.abs(integer / scale - weight);
    largestError = Math.max(largestError, error);
    squares += error * error;
    return integer;
  });
  return { integers, clipped, vanished, largestError, rmsError: weights.length === 0 ? 0 : Math.sqrt(squares / weights.length) };
}

/** Every weight from `low` to `high` (whole numbers) in network units, ascending. */
export function weightLevels(low: number, high: number, step: number, scale: number): Float64Array {
  return Float64Array.from({ length: Math.floor((high - low) / step) + 1 }, (_, n) => (low + n * step) / scale);
}

export interface SynapseFields {
  readonly weightBits: number;
  readonly delayBits: number;
  readonly tagBits: number;
  /** 0 for dense rows, which need no target. */
  readonly indexBits: number;
}

/**
 * Synaptic memory of one axon, in bits: blocks of up to 64 synapses, each with a header, rounded up to whole words.
 * @param blockSize synapses in a full block
 */
export function axonBits(synapses: number, fields: SynapseFields, blockSize: number = LOIHI.synapsesPerBlock.value): number {
  const perSynapse = fields.weightBits + fields.delayBits + fields.tagBits + fields.indexBits;
  const word = LOIHI.synapseWordBits.value;
  const blockBits = (n: number): number => (n === 0 ? 0 : Math.ceil((LOIHI.synapseHeaderBits.value + n * perSynapse) / word) * word);
  return Math.floor(synapses / blockSize) * blockBits(blockSize) + blockBits(synapses % blockSize);
}

const WEIGHT_FIELDS = [1, 2, 3, 4, 5, 6, 8, 9];
const INDEX_FIELDS = [6, 7, 8, 9, 10, 11, 12];

/** Bits that a weight of this format takes in memory: the hardware knows some widths only. */
export function storedWeightBits({ sign, bits }: WeightFormat): number {
  const wanted = sign === 'mixed' ? bits : Math.min(bits, LOIHI.weightMagnitudeBits.value);
  return WEIGHT_FIELDS.find((width) => width >= wanted) ?? wanted;
}

/** Bits of a target index among so many compartments. */
export function indexBitsFor(compartments: number): number {
  return INDEX_FIELDS.find((width) => 2 ** width >= compartments) ?? 12;
}
