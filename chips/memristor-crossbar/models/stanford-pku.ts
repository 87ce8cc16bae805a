/**
 * Filamentary ReRAM as a gap between filament and electrode: current falls exponentially with the gap and grows as sinh of the voltage; the gap
 * moves by a hopping rate that the voltage tilts and the device's own heat speeds up. The heat uses the current of the step before. The random
 * part of the gap is left out. Ends of the gap follow from the two resistances at the read voltage.
 */
import type { CompactModel } from './compact-model.ts';

/** Boltzmann constant over elementary charge, volts per kelvin (CODATA 2018, exact). */
const KELVIN_VOLTS = 1.380649e-23 / 1.602176634e-19;

const CURRENT = `i0 * exp(0 - gap / g0) * ${sinh('(volts / v0)')}`;

export const stanfordPku: CompactModel = {
  name: 'stanford-pku',
  title: 'filament-gap ReRAM (Stanford-PKU)',
  citation:
    'Jiang, Yu, Wu, Engel, Guan, Wong, "Verilog-A compact model for oxide-based resistive random access memory", SISPAD 2014; parameters as in MemTorch',
  valid: 'HfOx cells; steps short against the switching time (0.1 ms at 10 Hz), no random telegraph of the gap',
  mostVolts: 3,
  parameters: {
    rOff: { unit: 'ohm', value: 218586, min: 1e-3, meaning: 'resistance at the widest gap, at the read voltage' },
    rOn: { unit: 'ohm', value: 542, min: 1e-3, meaning: 'resistance at the narrowest gap, at the read voltage' },
    gapStart: { unit: 'm', value: 2e-10, min: 0, meaning: 'gap at the start, kept within its ends' },
    g0: { unit: 'm', value: 2.5e-10, min: 1e-12, meaning: 'gap over which the current falls by e' },
    v0: { unit: 'V', value: 0.25, min: 1e-6, meaning: 'voltage over which the current grows by e' },
    i0: { unit: 'A', value: 1e-3, min: 1e-15, meaning: 'current scale' },
    readVolts: { unit: 'V', value: 0.1, min: 1e-6, meaning: 'voltage of the two resistances' },
    kelvin: { unit: 'K', value: 298, min: 1, max: 1000, meaning: 'temperature of the surroundings' },
    rThermal: { unit: 'K/W', value: 2100, min: 0, meaning: 'heating per watt' },
    gammaStart: { unit: '1', value: 16, meaning: 'field enhancement at no gap' },
    beta: { unit: '1', value: 0.8, meaning: 'what a gap of 1 nm takes off the enhancement' },
    oxide: { unit: 'm', value: 1.2e-8, min: 1e-10, meaning: 'thickness of the oxide' },
    leastField: { unit: 'V/m', value: 1.4e9, min: 0, meaning: 'enhanced field below which the gap stands still' },
    velocity: { unit: 'm/s', value: 10, min: 0, meaning: 'attempt velocity' },
    activation: { unit: 'eV', value: 0.6, min: 0, meaning: 'activation energy' },
    hop: { unit: 'm', value: 2.5e-10, min: 0, meaning: 'distance of a hop' },
  },
  conditions: [{ above0: 'rOff - rOn', words: 'rOff must be above rOn' }],
  state: {
    gap: `clip(gapStart, ${gapAt('rOn')}, ${gapAt('rOff')})`,
    flow: '0',
  },
  rates: [
    'let heated = kelvin + abs(volts * flow * rThermal)',
    `let thermal = heated * ${KELVIN_VOLTS}`,
    'let enhanced = gammaStart - beta * (gap / 1e-9) ^ 3',
    'let gamma = if(enhanced * abs(volts) / oxide < leastField, 0, enhanced)',
    'let tilt = gamma * hop * volts / (oxide * thermal)',
    `gapRate = 0 - velocity * exp(0 - activation / thermal) * ${sinh('tilt')}`,
    'flowRate = 0',
  ].join('\n'),
  limits: [`gap = clip(gap, ${gapAt('rOn')}, ${gapAt('rOff')})`, `flow = ${CURRENT}`].join('\n'),
  current: CURRENT,
  longestStep: 1e-6,
};

/** Text of the hyperbolic sine; near zero, where the difference of two exponentials has no digits left, its series. */
function sinh(x: string): string {
  return `if(abs(${x}) < 1e-2, ${x} * (1 + ${x} ^ 2 / 6 * (1 + ${x} ^ 2 / 20)), (exp(${x}) - exp(0 - ${x})) / 2)`;
}

/** Gap with which the device has a resistance at the read voltage. */
function gapAt(resistance: string): string {
  return `(0 - g0 * log(readVolts / (${resistance} * i0 * ${sinh('(readVolts / v0)')})))`;
}
