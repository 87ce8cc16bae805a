/** Chips by name, as the command line and experiment files write them: `memristor-crossbar`, or with a variant, `memristor-crossbar:ecram`. */
import { readFileSync } from 'node:fs';
import { ideal } from '../chips/ideal/ideal.ts';
import { loihiLike } from '../chips/loihi-like/loihi-like.ts';
import type { LoihiOptions } from '../chips/loihi-like/switches.ts';
import type { Device } from '../chips/memristor-crossbar/device-figures.ts';
import { memristorCrossbar } from '../chips/memristor-crossbar/memristor-crossbar.ts';
import type { DeviceOptions } from '../chips/memristor-crossbar/read-device.ts';
import { memristorDevice } from '../chips/memristor-crossbar/read-device.ts';
import type { ChipBackend } from '../core/chip-contract.ts';
import type { Problem } from '../core/errors.ts';
import { didYouMean, UserError } from '../core/errors.ts';
import { parseJsonWithPlaces } from '../core/json-places.ts';

interface ChipEntry {
  readonly summary: string;
  /** What may stand after the colon. */
  readonly variants: string;
  make(variant: string | undefined): ChipBackend;
}

export const chipTable: Readonly<Record<string, ChipEntry>> = {
  ideal: { summary: 'floating point, no limits, no cost', variants: 'none', make: () => ideal() },
  'loihi-like': {
    summary: 'integer neurons and traces, learning epochs, sum-of-products rules',
    variants: 'loihi1, loihi2, or switches of the chip joined by +: rounding=nearest+energy=fitted-silicon (see: hillock chips loihi-like)',
    make: (variant) => loihiLike(variant === undefined ? {} : loihiOptions(variant)),
  },
  'memristor-crossbar': {
    summary: 'differential pairs of analog devices written by pulses',
    variants: 'a device preset (see: hillock devices), or the path of a device file (see: hillock devices new)',
    make: (variant) => memristorCrossbar(variant === undefined ? {} : { device: isFile(variant) ? readDeviceFile(variant) : variant }),
  },
};

const GENERATIONS: Readonly<Record<string, string>> = { loihi1: 'loihi-1', 'loihi-1': 'loihi-1', loihi2: 'loihi-2', 'loihi-2': 'loihi-2' };

/** `loihi1+rounding=nearest+weightBits=6`; the chip says what it does not know. */
function loihiOptions(variant: string): LoihiOptions {
  const options = variant.split('+').map((part): [string, string | number] => {
    const [name, value] = part.split('=');
    if (value === undefined && GENERATIONS[name] !== undefined) return ['generation', GENERATIONS[name]];
    if (value === undefined) {
      throw new UserError({
        code: 'E-CHIP',
        message: `loihi-like has no variant "${part}"`,
        hint: 'write loihi1, loihi2, or a switch as name=value; several are joined by +',
      });
    }
    return [name, value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value];
  });
  return Object.fromEntries(options) as LoihiOptions;
}

const isFile = (variant: string): boolean => /\.json$|[/\\]/.test(variant);

/** The figures of a device as `devices new` writes them. */
function readDeviceFile(path: string): DeviceOptions {
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

export function chipNamed(text: string): ChipBackend {
  const [name, ...rest] = text.split(':');
  const variant = rest.length === 0 ? undefined : rest.join(':');
  const entry = Object.hasOwn(chipTable, name) ? chipTable[name] : undefined;
  if (entry === undefined) throw new UserError(unknownChip(name));
  if (variant !== undefined && entry.variants === 'none') {
    throw new UserError({ code: 'E-CHIP', message: `chip ${name} has no variants, so "${text}" names none` });
  }
  return entry.make(variant);
}

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
