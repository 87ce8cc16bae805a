/**
 * Errors left by programming, as CrossSim states them: sigma a fraction of gMax whatever the state (`independent`), of the conductance itself
 * (`proportional`), or of gMin·gMax over it (`inverse`). Conductances stay at or above 0.
 */
import { normalAt } from '../../core/random.ts';

export const ERROR_KINDS = ['independent', 'proportional', 'inverse'] as const;
export type ErrorKind = (typeof ERROR_KINDS)[number];

export function errorSigma(kind: ErrorKind, sigma: number, siemens: number, gMin: number, gMax: number): number {
  switch (kind) {
    case 'independent':
      return sigma * gMax;
    case 'proportional':
      return sigma * siemens;
    case 'inverse':
      return (sigma * gMin * gMax) / siemens;
  }
}

/** The conductances that programming leaves; draws are a function of (seed, stream, cell, event). */
export function programmedWithError(
  targets: Float64Array,
  { kind, sigma, gMin, gMax }: { readonly kind: ErrorKind; readonly sigma: number; readonly gMin: number; readonly gMax: number },
  { seed, stream, event }: { readonly seed: number; readonly stream: number; readonly event: number },
): Float64Array {
  return targets.map((target, k) => Math.max(0, target + errorSigma(kind, sigma, target, gMin, gMax) * normalAt(seed, stream, k, event)));
}
