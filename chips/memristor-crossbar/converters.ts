/**
 * Converters between lines and numbers. Rounding is to the nearest level, ties to the even code, as in the quantisers of CrossSim 3.2 and aihwkit
 * 1.1.0. The programs of read-out.ts hold the same rule as text.
 */

export function roundHalfEven(value: number): number {
  const near = Math.floor(value + 0.5);
  return near - value === 0.5 && near % 2 !== 0 ? near - 1 : near;
}

export interface Converted {
  readonly code: number;
  readonly value: number;
}

/** 2^bits levels over the closed range low … high. */
export function convertUniform(value: number, bits: number, low: number, high: number): Converted {
  return convert(value, 2 ** bits - 1, low, high);
}

/** Sign and magnitude: symmetric range and 2^bits - 1 levels, so that zero is a code. */
export function convertSignMagnitude(value: number, bits: number, full: number): Converted {
  return convert(value, 2 ** bits - 2, -full, full);
}

function convert(value: number, steps: number, low: number, high: number): Converted {
  const size = (high - low) / steps;
  const code = roundHalfEven((Math.min(high, Math.max(low, value)) - low) / size);
  return { code, value: low + code * size };
}
