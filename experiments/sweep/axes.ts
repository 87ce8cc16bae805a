/**
 * What varies in a sweep, as a person writes it: `rule=r-stdp,dfa`, `train=100,500`, `chip:levels=4,16,64` for every chip that takes options, or
 * `loihi-like:weightBits=4..8` for one of them. Values are a list, or whole numbers from … to, with a step after a colon. The settings of a sweep are
 * the product of all axes.
 */
import type { Problem } from '../../core/errors.ts';
import { hasVariants, withOption } from '../chips.ts';

export interface Axis {
  /** `rule`, a count, `chip:<option>` or `<chip>:<option>`. */
  readonly name: string;
  readonly values: readonly string[];
}

/** What may vary beside options of a chip: words of the command line that choose an experiment. */
export const EXPERIMENT_AXES = ['rule', 'train', 'test', 'epochs', 'hidden'] as const;
export type ExperimentAxis = (typeof EXPERIMENT_AXES)[number];

/** Beyond this a list is a slip. */
const MOST_VALUES = 10_000;

const FORM = 'name=value,value or name=from..to:step';

export function readAxis(text: string, problems: Problem[]): Axis | undefined {
  const at = text.indexOf('=');
  const [name, list] = [text.slice(0, at).trim(), text.slice(at + 1)];
  const fault = (message: string, hint?: string): undefined =>
    void problems.push({ code: 'E-VARY', message: `--vary ${text} ${message}`, got: text, expected: FORM, ...(hint && { hint }) });
  if (at < 1) return fault(`has no "=": it is written ${FORM}`);
  const isExperiment = (EXPERIMENT_AXES as readonly string[]).includes(name);
  if (!isExperiment && !/^[\w-]+(:[^:]+)?:[A-Za-z]\w*$/.test(name)) {
    return fault(
      `varies "${name}", which is neither one of ${EXPERIMENT_AXES.join(', ')} nor an option of a chip`,
      'options of chips are written chip:<option> for all chips, or <chip>:<option> for one',
    );
  }
  const parts = list.split(',').map((part) => ({ part: part.trim(), values: valuesOf(part.trim()) }));
  const nameless = parts.find((one) => one.values === undefined);
  if (nameless !== undefined) return fault(`has the part "${nameless.part}", which names no values`);
  const values = parts.flatMap((one) => one.values ?? []);
  if (values.length > MOST_VALUES) return fault(`has ${values.length} values; at most ${MOST_VALUES} are allowed`);
  const twice = values.find((value, n) => values.indexOf(value) < n);
  if (twice !== undefined) return fault(`has ${twice} twice`);
  return { name, values };
}

/** A word or number as it stands, or the numbers of a range. */
function valuesOf(part: string): string[] | undefined {
  const range = /^(-?\d+)\.\.(-?\d+)(?::(\d+))?$/.exec(part);
  if (range === null) return part === '' || part.includes('..') ? undefined : [part];
  const [from, to, step] = [Number(range[1]), Number(range[2]), Number(range[3] ?? 1)];
  if (!(step > 0 && to >= from)) return undefined;
  const count = Math.min(MOST_VALUES + 1, Math.floor((to - from) / step) + 1);
  return Array.from({ length: count }, (_, n) => String(from + n * step));
}

/** One value for each of several axes, by name. */
export type Values = Readonly<Record<string, string>>;

export function product(axes: readonly Axis[]): Values[] {
  return axes.reduce<Values[]>((all, { name, values }) => all.flatMap((one) => values.map((value) => ({ ...one, [name]: value }))), [{}]);
}

/** A chip with the options that one setting gives it. */
export interface ChipVariant {
  readonly name: string;
  readonly values: Values;
}

/** All variants of the chips that axes of options make; a chip that no axis is for is there once. */
export function chipVariants(chips: readonly string[], axes: readonly Axis[], problems: Problem[]): ChipVariant[] {
  const concerns = (chip: string, { name }: Axis): boolean => {
    const target = name.slice(0, name.lastIndexOf(':'));
    return target === 'chip' ? hasVariants(chip) : target === chip || target === chip.split(':')[0];
  };
  for (const axis of axes) {
    if (chips.some((chip) => concerns(chip, axis))) continue;
    problems.push({
      code: 'E-VARY',
      message: `--vary ${axis.name} is for none of the chips ${chips.join(', ')}`,
      hint: 'name the chip with --chip',
      got: axis.name,
    });
  }
  return chips.flatMap((chip) =>
    product(axes.filter((axis) => concerns(chip, axis))).map((values) => ({
      name: Object.entries(values).reduce((name, [axis, value]) => withOption(name, axis.slice(axis.lastIndexOf(':') + 1), value), chip),
      values: { chip, ...values },
    })),
  );
}
