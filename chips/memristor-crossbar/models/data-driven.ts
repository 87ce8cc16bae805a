/**
 * A metal-oxide cell whose resistance runs towards a boundary that the voltage sets, ever more slowly: dR/dt = s(V)·(exp(±k·(r(V) - R)) - 1) with
 * s(V) = A·(exp(t·|V|) - 1). In exp(±k·R) the law is linear, so a rectangular pulse of any width is one exact step. Positive pulses raise the
 * resistance, negative ones lower it.
 */
import type { CompactModel } from './compact-model.ts';

export const dataDriven: CompactModel = {
  name: 'data-driven',
  title: 'fitted metal-oxide ReRAM (data-driven)',
  citation:
    'Messaris, Serb, Stathopoulos, Khiat, Nikolaidis, Prodromakis, "A data-driven Verilog-A ReRAM model", IEEE TCAD 37:3151, 2018; parameters as in MemTorch',
  valid: 'rectangular pulses of the amplitudes that were fitted',
  mostVolts: 3,
  parameters: {
    rOff: { unit: 'ohm', value: 17000, min: 1e-3, meaning: 'highest resistance' },
    rOn: { unit: 'ohm', value: 1280, min: 1e-3, meaning: 'lowest resistance' },
    start: { unit: 'ohm', value: 5000, min: 1e-3, meaning: 'resistance at the start' },
    aUp: { unit: 'ohm/s', value: 743.47, min: 0, meaning: 'rate scale of positive voltages' },
    aDown: { unit: 'ohm/s', value: -68012.28374, max: 0, meaning: 'rate scale of negative voltages' },
    tUp: { unit: '1/V', value: 6.51, min: 0, meaning: 'growth of the rate with positive voltages' },
    tDown: { unit: '1/V', value: 0.31645, min: 0, meaning: 'growth of the rate with negative voltages' },
    kUp: { unit: '1/ohm', value: 0.000511, min: 1e-9, meaning: 'how fast the rate falls near the boundary, positive voltages' },
    kDown: { unit: '1/ohm', value: 0.00117, min: 1e-9, meaning: 'the same, negative voltages' },
    endUp: { unit: 'ohm', value: 16719, meaning: 'boundary of positive voltages at 0 V' },
    endUpSlope: { unit: 'ohm/V', value: 0, meaning: 'its change with the voltage' },
    endDown: { unit: 'ohm', value: 29304.82557, meaning: 'boundary of negative voltages at 0 V' },
    endDownSlope: { unit: 'ohm/V', value: 23692.77225, meaning: 'its change with the voltage' },
  },
  conditions: [{ above0: 'rOff - rOn', words: 'rOff must be above rOn' }],
  state: { resistance: 'start' },
  // R = r ∓ ln(1 - E + E·exp(-k·left))/k with E = exp(-k·s·t): no exponential of a whole resistance
  pulse: [
    'let speed = if(volts > 0, aUp * (exp(tUp * volts) - 1), 0 - aDown * (exp(tDown * abs(volts)) - 1))',
    'let k = if(volts > 0, kUp, kDown)',
    'let boundary = if(volts > 0, endUp + endUpSlope * volts, endDown + endDownSlope * volts)',
    'let left = if(volts > 0, boundary - resistance, resistance - boundary)',
    'let kept = exp(0 - k * speed * seconds)',
    'let gone = if(volts == 0 or left <= 0, 0, left + log(1 - kept + kept * exp(0 - k * left)) / k)',
    'resistance = clip(resistance + if(volts > 0, gone, 0 - gone), rOn, rOff)',
  ].join('\n'),
  current: 'volts / resistance',
  conductance: '1 / resistance',
};
