/**
 * Activations of rate neurons, with their slopes, from additions, multiplications and divisions alone (core/program/elementary.ts), so that a
 * trained teacher has the same bits in every engine.
 */
import { exp } from '../../core/program/elementary.ts';

export interface Activation {
  /** Rate of a neuron whose summed input is u. */
  value(u: number): number;
  /** d value / d u */
  slope(u: number): number;
}

/** 1 / (1 + exp(-u)) */
export const sigmoid = (u: number): number => 1 / (1 + exp(-u));

/** Odd in every bit, and without overflow. */
function tanh(u: number): number {
  const e = exp(-2 * Math.abs(u));
  const size = (1 - e) / (1 + e);
  return u < 0 ? -size : size;
}

export const ACTIVATIONS = {
  linear: { value: (u) => u, slope: () => 1 },
  /** Of a neuron that sends at most one spike per tick. */
  'clipped-relu': { value: (u) => Math.min(Math.max(u, 0), 1), slope: (u) => (u > 0 && u < 1 ? 1 : 0) },
  relu: { value: (u) => Math.max(u, 0), slope: (u) => (u > 0 ? 1 : 0) },
  tanh: { value: tanh, slope: (u) => 1 - tanh(u) ** 2 },
  sigmoid: { value: sigmoid, slope: (u) => sigmoid(u) * (1 - sigmoid(u)) },
} as const satisfies Readonly<Record<string, Activation>>;

export type ActivationName = keyof typeof ACTIVATIONS;
