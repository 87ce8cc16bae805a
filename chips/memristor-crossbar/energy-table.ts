/**
 * Energy of the crossbar, by event. Laws:
 *   write   two terminals: V²·t·n·(G before + G after)/2 in each driven cell. Three terminals: C·V² per pulse. Both: C·V² of the line.
 *   read    V²·t·G in each cell of the line, and per spike C·V² of the line and its driver for as long as the pulse lasts.
 *   column  an integrate-and-fire circuit, or a converter (regression over the public survey of converters, or the SAR fit of NeuroSim).
 * Heat is booked in whole quanta (a fraction of the heat of one pulse at gMax), rounded once per event, so that totals are exact sums whose
 * order does not matter. Half-selected cells cost nothing here: each cell has its access transistor (1T1R).
 *
 * What no publication gives for this chip - the digital engine that evaluates the rule, the register that holds what is not yet written,
 * traces - is an assumption built from the 45 nm figures of Horowitz (ISSCC 2014): 16-bit addition about 0.05 pJ, multiplication about 1 pJ,
 * 8 bits of a small SRAM about 1 pJ per access.
 */
import type { EnergyTable, Sourced } from '../../core/energy/energy-table.ts';
import { sourced } from '../../core/energy/energy-table.ts';
import type { EventKind } from '../../core/energy/event-kinds.ts';
import { exp, log } from '../../core/program/elementary.ts';
import type { DeviceFigure } from './device-figures.ts';
import { figureRow } from './device-figures.ts';
import type { Settings } from './options.ts';

/** Quanta in the heat of one potentiating pulse on a cell at gMax: an event is exact to half a millionth of that. */
export const WRITE_HEAT_STEPS = 2 ** 20;
/** Quanta in the heat of one read pulse on a cell at gMax. */
export const READ_HEAT_STEPS = 2 ** 16;

/** 0.2 fF per um of line, cells 0.1 um apart. */
export const WIRE_FARAD_PER_CELL = 0.1e-6 * 0.2e-9;
const WIRE_SOURCE = 'wire 0.2 fF/um (NeuroSim V3.0 manual), cell pitch 0.1 um assumed';

/** Heat of n pulses in a two-terminal cell, joules. */
export const pulseHeat = (volts: number, seconds: number, before: number, after: number, pulses: number): number =>
  ((volts * volts * (before + after)) / 2) * seconds * pulses;

/** Heat of the pulses of a spike in the cells of its line, joules. @param conductances siemens */
export const readLineHeat = (volts: number, seconds: number, conductances: readonly number[]): number =>
  volts * volts * seconds * conductances.reduce((sum, conductance) => sum + conductance, 0);

/**
 * Best published converter of a resolution, joules per conversion: energy ∝ 10^(SNDR/10)/10^(FOM/10), where the figure of merit falls with
 * the sampling rate and is capped per resolution (regression in the Accelergy ADC plug-in over Murmann's survey; SNDR = 6.02·bits + 1.76 dB).
 */
export function adcSurveyJoules(bits: number, nanometres: number, hertz: number): number {
  const merit = Math.min(213.78067 - 2.871903 * log(hertz), 128.30683 + 3.22051141 * bits);
  const sndr = 6.02 * bits + 1.76;
  const scale = exp(26.04962 + 1.880037 * log(nanometres) - 2.829126 * log(bits) - 1.470202);
  return (1e-12 * scale) / (2 * exp(((merit - sndr) / 10) * log(10)));
}

/** Coefficients of the SAR fit: microwatts per bit and fixed, and the factor of the column current. */
export interface SarFit {
  readonly perBitMicroWatt: number;
  readonly fixedMicroWatt: number;
  readonly columnFactor: number;
  readonly columnExponent: number;
}

export interface SarConversion {
  readonly adcJoules: number;
  /** Drawn through the column, 0.5 V read. */
  readonly columnJoules: number;
  readonly totalJoules: number;
  readonly seconds: number;
}

/** A successive-approximation converter fitted to circuit simulation (DNN NeuroSim 1.4): a conversion takes (bits + 1) ns. */
export function adcSarColumn(fit: SarFit, bits: number, columnOhm: number): SarConversion {
  const seconds = (bits + 1) * 1e-9;
  const adcJoules = (fit.perBitMicroWatt * bits + fit.fixedMicroWatt) * 1e-6 * seconds;
  const columnJoules = fit.columnFactor * exp((-fit.columnExponent / log(10)) * log(columnOhm)) * seconds;
  return { adcJoules, columnJoules, totalJoules: adcJoules + columnJoules, seconds };
}

/** The same in all, joules per conversion. */
export const adcSarJoules = (fit: SarFit, bits: number, columnOhm: number): number => adcSarColumn(fit, bits, columnOhm).totalJoules;

const ADC_NANOMETRES = 32;
const ADC_HERTZ = 1e9;

export function crossbarEnergyTable(settings: Settings): EnergyTable {
  const { nominalDevice, tileRows, tileColumns, periphery, access } = settings;
  // without a transistor per cell all unselected lines are charged to V/2 as well: a quarter of the charge of a line at V
  const unselected = access === '1T1R' ? 0 : (2 * tileRows * tileColumns - tileRows - tileColumns) / 4;
  const lineFarad = (tileRows + unselected) * WIRE_FARAD_PER_CELL;
  const gated = (nominalDevice.figures.gateCapacitance?.value ?? 0) > 0;
  const write = figures(settings, ['writeVoltageUp', 'writeTimeUp', 'gMax']);
  const read = figures(settings, ['readVoltage', 'readTime', 'gMax']);
  const perEvent: Partial<Record<EventKind, Sourced>> = {
    synapticEvent: sourced(0, { lo: 0, hi: 0, source: 'booked as read pulses and their heat', confidence: 'assumed' }),
    readPulse: readPulseFigure(settings),
    readHeat: product(read, ([volts, seconds, siemens]) => (volts * volts * seconds * siemens) / READ_HEAT_STEPS, 'V²·G·t'),
    writePulse: gated
      ? product(
          figures(settings, ['writeVoltageUp', 'gateCapacitance']),
          ([volts, farad]) => (farad + lineFarad) * volts * volts,
          `C·V² of gate and line; ${WIRE_SOURCE}`,
        )
      : product(figures(settings, ['writeVoltageUp']), ([volts]) => lineFarad * volts * volts, `C·V² of the line; ${WIRE_SOURCE}`),
    ...(gated
      ? {}
      : { writeHeat: product(write, ([volts, seconds, siemens]) => (volts * volts * seconds * siemens) / WRITE_HEAT_STEPS, 'V²·G·t·n') }),
    ...(gated || access === '1T1R'
      ? {}
      : {
          halfSelectHeat: product(
            write,
            ([volts, seconds, siemens]) => (volts * volts * seconds * siemens) / WRITE_HEAT_STEPS,
            '(V/2)²·G·t per half-selected pulse, in quanta of V²·gMax·t',
          ),
        }),
    ...(settings.writePolicy === 'verify' || settings.update === 'two-array' ? { verifyRead: verifyFigure(settings) } : {}),
    ...digital(settings),
    ...(periphery === 'adc' ? { adcConversion: adcFigure(settings) } : {}),
  };
  return {
    name: `memristor-crossbar/${nominalDevice.name}`,
    note: 'Cells, lines, column circuits and the digital rule engine. Not included: clock, leakage, spike routing between tiles, generation of the write voltages.',
    perEvent,
  };
}

/** Per cell of a line that is read: its share of the line's charge, and of the line's driver while the pulse lasts. */
function readPulseFigure(settings: Settings): Sourced {
  const { tileColumns } = settings;
  const line = product(figures(settings, ['readVoltage']), ([volts]) => WIRE_FARAD_PER_CELL * volts * volts, WIRE_SOURCE);
  const driver = product(figures(settings, ['readTime']), ([seconds]) => (DRIVER_WATT * seconds) / tileColumns, '');
  return sourced(line.value + driver.value, {
    lo: line.lo + driver.lo / DRIVER_SPREAD,
    hi: line.hi + driver.hi * DRIVER_SPREAD,
    source: `${line.source}; driver of a line 3.9 uW (1-bit converter of ISAAC, Shafiee et al., ISCA 2016), shared by ${tileColumns} cells`,
    confidence: 'assumed',
  });
}

/** Watts of the driver of one line while it is read, and how far it may be off either way: assumed. */
const DRIVER_WATT = 3.9e-6;
const DRIVER_SPREAD = 3;

/** The rule engine, traces and neurons; picojoules. */
function digital({ periphery, writePolicy, device }: Settings): Partial<Record<EventKind, Sourced>> {
  const origin = 'assumed, from the 45 nm figures of Horowitz, ISSCC 2014';
  const picojoules = (value: number, lo: number, hi: number, what: string, source = origin): Sourced =>
    sourced(value * 1e-12, {
      lo: lo * 1e-12,
      hi: hi * 1e-12,
      source: `${source}: ${what}`,
      confidence: source === origin ? 'assumed' : 'simulated',
    });
  const keeps = writePolicy === 'accumulate' && !device.continuous;
  return {
    traceUpdate: picojoules(1, 0.1, 5, 'one 16-bit multiplication'),
    synapticUpdate: keeps
      ? picojoules(5, 0.5, 20, 'rule 2 multiplications and 2 additions (2 pJ), register of 12 bits read and written (3 pJ)')
      : picojoules(2, 0.2, 10, 'rule 2 multiplications and 2 additions'),
    neuronUpdate:
      periphery === 'adc'
        ? picojoules(1, 0.1, 5, 'one membrane step in a digital neuron')
        : picojoules(
            1.346,
            0.265,
            1.346,
            'integrate-and-fire circuit per column and read, 65 nm; low end an oscillation neuron',
            'NeuroSim V3.0 manual',
          ),
    neuronSpike: picojoules(1, 0.1, 10, 'reset and one event word'),
  };
}

/** One read-back while programming: both cells at mid conductance, and one conversion. */
function verifyFigure(settings: Settings): Sourced {
  const cells = product(
    figures(settings, ['readVoltage', 'readTime', 'gMax']),
    ([volts, seconds, siemens]) => volts * volts * seconds * siemens,
    'V²·G·t',
  );
  const converter = adcFigure(settings);
  return sourced(cells.value + converter.value, {
    lo: cells.lo + converter.lo,
    hi: cells.hi + converter.hi,
    source: `${cells.source}; ${converter.source}`,
    confidence: 'assumed',
  });
}

/**
 * A ramp converter compares once per clock while the ramp runs over all 2^bits levels. Per clock: one decision of a column comparator; the ramp and
 * the counter are shared by the tile.
 */
export const adcRampJoules = (bits: number, joulesPerClock: number): number => 2 ** bits * joulesPerClock;

/** A clocked comparator of a 65 to 28 nm process takes some tens of femtojoules a decision: assumed. */
const COMPARATOR = { value: 20e-15, lo: 5e-15, hi: 100e-15 } as const;
/** DNN NeuroSim 1.4, low-power flavour, 32 nm. */
const SAR_32: SarFit = { perBitMicroWatt: 1.1294, fixedMicroWatt: 8.8998, columnFactor: 0.0794, columnExponent: 2.297 };
const SAR_COLUMN_OHM = 100e3;

function adcFigure({ adcLaw, adcBits: bits }: Pick<Settings, 'adcLaw' | 'adcBits'>): Sourced {
  if (adcLaw === 'ramp') {
    const at = (end: 'value' | 'lo' | 'hi'): number => adcRampJoules(bits, COMPARATOR[end]);
    const source = `ramp, one comparator decision of 20 fJ (assumed) for each of 2^${bits} clocks; ramp and counter shared by the tile`;
    return sourced(at('value'), { lo: at('lo'), hi: at('hi'), source, confidence: 'assumed' });
  }
  if (adcLaw === 'sar') {
    const value = adcSarJoules(SAR_32, bits, SAR_COLUMN_OHM);
    const source = `SAR fit of DNN NeuroSim 1.4, ${bits} bits, 32 nm, column of 100 kohm; the survey law gives ten times more, published converters up to thirty times`;
    return sourced(value, { lo: value / 2, hi: value * 30, source, confidence: 'simulated' });
  }
  const value = adcSurveyJoules(bits, ADC_NANOMETRES, ADC_HERTZ);
  const source = `survey law (Accelergy ADC plug-in, Murmann data), ${bits} bits, ${ADC_NANOMETRES} nm, 1 GS/s; the SAR fit of NeuroSim is ten times lower, published converters up to three times higher`;
  return sourced(value, { lo: value / 10, hi: value * 3, source, confidence: 'simulated' });
}

const figures = ({ nominalDevice }: Settings, names: readonly DeviceFigure[]): readonly Sourced[] =>
  names.map((name) => {
    const fallback = figureRow(name).default ?? 0;
    return nominalDevice.figures[name] ?? { value: fallback, lo: fallback, hi: fallback, source: 'default', confidence: 'assumed' };
  });

const CONFIDENCES = ['measured', 'simulated', 'assumed'] as const;

/** A figure computed from others by a law that grows with each of them; as doubtful as the most doubtful. */
function product(parts: readonly Sourced[], law: (values: readonly number[]) => number, how: string): Sourced {
  const at = (end: 'value' | 'lo' | 'hi'): number => law(parts.map((part) => part[end]));
  const sources = [...new Set(parts.map(({ source }) => source))].join('; ');
  const confidence = CONFIDENCES[Math.max(...parts.map((part) => CONFIDENCES.indexOf(part.confidence)))];
  return sourced(at('value'), { lo: at('lo'), hi: at('hi'), source: `${how}; ${sources}`, confidence });
}
