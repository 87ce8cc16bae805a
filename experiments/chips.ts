/** Chips by name, as the command line and experiment files write them: `memristor-crossbar`, or with a variant, `memristor-crossbar:ecram`. */
import { readFileSync } from 'node:fs';
import { ideal } from '../chips/ideal/ideal.ts';
import { loihiLike } from '../chips/loihi-like/loihi-like.ts';
import type { LoihiOptions } from '../chips/loihi-like/switches.ts';
import type { Device } from '../chips/memristor-crossbar/device-figures.ts';
import { FIGURE_NAMES } from '../chips/memristor-crossbar/device-figures.ts';
import { memristorCrossbar } from '../chips/memristor-crossbar/memristor-crossbar.ts';
import type { CrossbarOptions } from '../chips/memristor-crossbar/options.ts';
import type { DeviceOptions } from '../chips/memristor-crossbar/read-device.ts';
import { DEFAULT_DEVICE, memristorDevice } from '../chips/memristor-crossbar/read-device.ts';
import type { ChipBackend, ChipProfile } from '../core/chip-contract.ts';
import type { Problem } from '../core/errors.ts';
import { didYouMean, UserError } from '../core/errors.ts';
import { parseJsonWithPlaces } from '../core/json-places.ts';

/** Gives the figures of a device by the path of its file. */
export type DeviceFiles = (path: string) => DeviceOptions;

interface ChipEntry {
  readonly summary: string;
  /** What may stand after the colon. */
  readonly variants: string;
  make(variant?: Variant, deviceFile?: DeviceFiles): ChipBackend;
}

/** `epiram+cycleToCycle=10`: a word, and options by name. */
interface Variant {
  readonly word?: string;
  readonly options: Readonly<Record<string, string | number | boolean>>;
}

export const chipTable: Readonly<Record<string, ChipEntry>> = {
  ideal: { summary: 'floating point, no limits, no cost', variants: 'none', make: () => ideal() },
  'loihi-like': {
    summary: 'integer neurons and traces, learning epochs, sum-of-products rules',
    variants: 'loihi1, loihi2, or switches of the chip joined by +: rounding=nearest+energy=fitted-silicon (see: hillock chips loihi-like)',
    make: (variant) => loihiLike(loihiOptions(variant)),
  },
  'memristor-crossbar': {
    summary: 'differential pairs of analog devices written by pulses',
    variants:
      'a device preset (see: hillock devices), the path of a device file (see: hillock devices new), options of the chip and figures of the device joined by +: epiram+levels=16+readNoiseStd=0.02',
    make: (variant, deviceFile) => memristorCrossbar(crossbarOptions(variant, deviceFile)),
  },
};

const PLAIN: Variant = { options: {} };
const NAMED = /^[A-Za-z]\w*=/;

function readVariant(text: string): Variant {
  const parts = text.split(/\+(?=[A-Za-z]\w*=)/);
  const words = parts.filter((part) => !NAMED.test(part));
  const options = parts
    .filter((part) => NAMED.test(part))
    .map((part): [string, string | number | boolean] => {
      const at = part.indexOf('=');
      return [part.slice(0, at), optionValue(part.slice(at + 1))];
    });
  return { ...(words.length === 0 ? {} : { word: words[0] }), options: Object.fromEntries(options) };
}

function optionValue(text: string): string | number | boolean {
  if (text === 'true' || text === 'false') return text === 'true';
  return text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/** The name of a chip with one more option: `loihi-like` and `weightBits`, `6` are `loihi-like:weightBits=6`. */
export const withOption = (chip: string, option: string, value: string): string =>
  `${chip}${chip.includes(':') ? '+' : ':'}${option}=${value}`;

/** Whether a chip takes options at all. */
export const hasVariants = (chip: string): boolean => chipTable[chip.split(':')[0]]?.variants !== 'none';

const GENERATIONS: Readonly<Record<string, string>> = { loihi1: 'loihi-1', 'loihi-1': 'loihi-1', loihi2: 'loihi-2', 'loihi-2': 'loihi-2' };

/** `loihi1+rounding=nearest+weightBits=6`; the chip says what it does not know. */
function loihiOptions({ word, options }: Variant = PLAIN): LoihiOptions {
  if (word === undefined) return options;
  if (GENERATIONS[word] === undefined) {
    throw new UserError({
      code: 'E-CHIP',
      message: `loihi-like has no variant "${word}"`,
      hint: 'write loihi1, loihi2, or a switch as name=value; several are joined by +',
    });
  }
  return { generation: GENERATIONS[word], ...options } as LoihiOptions;
}

/** What is no option of the chip may be a figure of its device. */
function crossbarOptions({ word, options }: Variant = PLAIN, deviceFile: DeviceFiles = readDeviceFile): CrossbarOptions {
  const isFigure = ([name]: [string, unknown]): boolean => (FIGURE_NAMES as readonly string[]).includes(name);
  const given = Object.entries(options);
  const figures = Object.fromEntries(given.filter(isFigure));
  const others = Object.fromEntries(given.filter((option) => !isFigure(option)));
  const own = word === undefined || !isFile(word) ? { base: word ?? DEFAULT_DEVICE } : deviceFile(word);
  const isPreset = Object.keys(figures).length === 0 && 'base' in own && Object.keys(own).length === 1;
  return { ...others, device: isPreset ? own.base : { ...own, ...figures } } as CrossbarOptions;
}

const isFile = (word: string): boolean => /\.json$|[/\\]/.test(word);

/** The device file that the name of a chip asks for. */
export function deviceFileOf(chip: string): string | undefined {
  const [name, ...rest] = chip.split(':');
  const { word } = readVariant(rest.join(':'));
  return name === 'memristor-crossbar' && word !== undefined && isFile(word) ? word : undefined;
}

/** The figures of a device as `devices new` writes them. */
export function readDeviceFile(path: string): DeviceOptions {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw new UserError({ code: 'E-FILE', message: `there is no device file ${path}`, hint: 'make one with: hillock devices new' });
  }
  const document = parseJsonWithPlaces(text, path);
  if (!('placeOf' in document)) throw new UserError(document);
  return document.value as DeviceOptions;
}

/** A preset by name, or the device of a file. */
export const deviceNamed = (name: string): Device => memristorDevice(isFile(name) ? readDeviceFile(name) : name);

export function chipNamed(text: string, deviceFile: DeviceFiles = readDeviceFile): ChipBackend {
  const [name, ...rest] = text.split(':');
  const entry = Object.hasOwn(chipTable, name) ? chipTable[name] : undefined;
  if (entry === undefined) throw new UserError(unknownChip(name));
  if (rest.length > 0 && entry.variants === 'none') {
    throw new UserError({ code: 'E-CHIP', message: `chip ${name} has no variants, so "${text}" names none` });
  }
  return underItsName(entry.make(rest.length === 0 ? PLAIN : readVariant(rest.join(':')), deviceFile), text);
}

/** A variant is told from its siblings by the name it was asked for with. */
function underItsName(chip: ChipBackend, name: string): ChipBackend {
  const { profile } = chip;
  if (name === profile.name) return chip;
  return underName(chip, { name, title: `${profile.title}, ${name.slice(name.indexOf(':') + 1)}` });
}

/** The same chip, called otherwise. */
export const underName = (chip: ChipBackend, { name, title }: Pick<ChipProfile, 'name' | 'title'>): ChipBackend => ({
  ...chip,
  profile: { ...chip.profile, name, title },
});

/** Several chips separated by commas; all unknown names are reported together. */
export function chipsNamed(list: string): ChipBackend[] {
  const problems: Problem[] = [];
  const chips: ChipBackend[] = [];
  for (const text of list.split(',').map((part) => part.trim())) {
    try {
      chips.push(chipNamed(text));
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems);
    }
  }
  if (problems.length > 0) throw new UserError(problems);
  return chips;
}

function unknownChip(name: string): Problem {
  const known = Object.keys(chipTable);
  const near = didYouMean(name, known);
  return {
    code: 'E-CHIP',
    message: `unknown chip "${name}"${near === undefined ? '' : ` - did you mean "${near}"?`} (${known.join(', ')})`,
    got: name,
  };
}
