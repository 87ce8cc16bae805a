/**
 * Signed weights on conductances, which are never negative. With u the normalised conductance of a cell (0 at gMin, 1 at gMax):
 *
 *   two-sided   w/scale = uPlus - uMinus, programmed as u = (1 ± w/scale)/2. Potentiation sends n up-pulses to the plus cell and n down-pulses
 *               to the minus cell; depression the reverse. The default: around w = 0 both polarities then make the same step whatever the
 *               skew of the device, and the common part of a soft-bounds pair relaxes to its middle by itself, so no refresh is needed.
 *   one-sided   the same read-out, programmed as uPlus = max(w/scale, 0), uMinus = max(-w/scale, 0), and only up-pulses: for cells whose
 *               reset is abrupt. Both cells drift up and have to be refreshed.
 *   reference   w/scale = 2·(u - uRef): one cell per synapse and a column of fixed cells at uRef, the conductance at the zero of the device.
 *
 * Mappings as in CrossSim (balanced one-sided, balanced two-sided, offset); signed driving of pairs: Burr et al., IEDM 2014.
 */
import type { Device, Mapping } from './device-figures.ts';
import { figureOf, PULSED_LAWS } from './device-figures.ts';
import { nominalStep } from './device-models.ts';

/** Change of u+ - u- that stands for the full weight scale. */
export const gainOf = (mapping: Mapping): number => (mapping === 'reference' ? 2 : 1);

/** Where the reference cells stand, normalised: at x = 0 of a device with both signs, where its steps are equal; else mid-range. */
export function referencePoint(device: Device): number {
  const [low, high] = [figureOf(device, 'wMin'), figureOf(device, 'wMax')];
  return PULSED_LAWS.includes(device.law) && low < 0 ? -low / (high - low) : 0.5;
}

/** Normalised conductances that hold a weight, before the cells' own limits. @param share w/scale, -1 … 1 */
export function programmed(mapping: Mapping, reference: number, share: number): { plus: number; minus: number } {
  switch (mapping) {
    case 'two-sided':
      return { plus: (1 + share) / 2, minus: (1 - share) / 2 };
    case 'one-sided':
      return { plus: Math.max(share, 0), minus: Math.max(-share, 0) };
    case 'reference':
      return { plus: reference + share / 2, minus: reference };
  }
}

/**
 * The same in siemens, for cells that reach from gMin to gMax; the fixed cells of the reference mapping stand mid-range. Read back as
 * w = gain·(plus - minus)/(gMax - gMin).
 */
export function conductancesOf(mapping: Mapping, weight: number, gMin: number, gMax: number): { plus: number; minus: number } {
  const { plus, minus } = programmed(mapping, 0.5, weight);
  return { plus: gMin + (gMax - gMin) * plus, minus: gMin + (gMax - gMin) * minus };
}

/** Weight, as a share of the scale, that one pulse of nominal size adds or takes. */
export function nominalWeightStep(mapping: Mapping, device: Device): { readonly up: number; readonly down: number } {
  const { up, down } = nominalStep(device.law, (figure) => figureOf(device, figure));
  switch (mapping) {
    case 'two-sided':
      return { up: up + down, down: up + down };
    case 'one-sided':
      return { up, down: up };
    case 'reference':
      return { up: 2 * up, down: 2 * down };
  }
}
