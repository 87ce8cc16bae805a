/**
 * Reads a user's plain object, from JSON or from code, field by field. Every fault becomes a `Problem` in a list that the caller throws as
 * one `UserError`; reading goes on, so one run shows all faults. A field that is wrong reads as its default or, without one, as a
 * placeholder of the right type (NaN, '', false, the first choice, an empty list): use what was read only if no problem was added.
 * A key that nobody asked for is a fault too, reported by `finish`.
 */
import type { Place, Problem } from './errors.ts';
import { didYouMean } from './errors.ts';
import { fieldPath, itemPath } from './json-places.ts';
import type { Dimension, Quantity } from './units.ts';
import { parseQuantity } from './units.ts';

/** A field is required unless it has a default or is optional; an optional field that is absent reads as undefined. */
interface Presence<T> {
  readonly default?: T;
  readonly optional?: boolean;
}

interface Bounds<T> {
  /** Smallest and largest allowed value. */
  readonly min?: T;
  readonly max?: T;
  /** Bounds that are not themselves allowed. */
  readonly above?: T;
  readonly below?: T;
}

export interface NumberOptions extends Presence<number>, Bounds<number> {
  readonly integer?: boolean;
}
/** Bounds and default are texts with units, as the user would write them. */
export interface QuantityOptions<D extends Dimension> extends Presence<Quantity<D>>, Bounds<Quantity<D>> {}
export interface ChoiceOptions<T extends string> extends Presence<T> {
  /** What is being chosen, e.g. `neuron model`. */
  readonly noun?: string;
}
export interface ListOptions {
  readonly optional?: boolean;
  readonly minLength?: number;
  readonly maxLength?: number;
}

type Read<T, O> = O extends { readonly optional: true } ? T | undefined : T;

export interface OptionsReader {
  readonly path: string;
  /** Keys of the object, in its order. */
  readonly keys: readonly string[];
  has(key: string): boolean;
  number<const O extends NumberOptions>(key: string, options?: O): Read<number, O>;
  /** In SI units. */
  quantity<D extends Dimension, const O extends QuantityOptions<NoInfer<D>>>(key: string, dimension: D, options?: O): Read<number, O>;
  choice<const T extends string, const O extends ChoiceOptions<NoInfer<T>>>(key: string, allowed: readonly T[], options?: O): Read<T, O>;
  boolean<const O extends Presence<boolean>>(key: string, options?: O): Read<boolean, O>;
  string<const O extends Presence<string>>(key: string, options?: O): Read<string, O>;
  /** A reader of the object inside; finish that one too. */
  object<const O extends { readonly optional?: boolean }>(key: string, options?: O): Read<OptionsReader, O>;
  /** The results of `readItem` for each item of a list. */
  list<T, const O extends ListOptions>(key: string, readItem: (item: unknown, path: string) => T, options?: O): Read<T[], O>;
  /** The field as it stands, unchecked; undefined when absent. */
  raw(key: string): unknown;
  /** All fields not read so far, unchecked; they count as read. */
  rest(): Record<string, unknown>;
  /** Adds a problem with a field of this object, for checks that involve more than one field. */
  reject(key: string, problem: Omit<Problem, 'where'>): void;
  /** Reports each key that was never read. */
  finish(): void;
}

/** Finds the line and column of a path, as `JsonDocument.placeOf` does. */
export type Locate = (path: string) => Place;

export function readOptions(value: unknown, path: string, problems: Problem[], locate: Locate = () => ({})): OptionsReader {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  const object = isObject ? (value as Readonly<Record<string, unknown>>) : {};
  const known = new Set<string>();

  /** `shownPath` is named in the message, `placePath` is where the eye should go: for an unknown key they differ. */
  function add(code: string, shownPath: string, message: string, more: Partial<Problem> = {}, placePath = shownPath): void {
    problems.push({ code, message, ...more, where: { ...locate(placePath), path: shownPath } });
  }

  /** Marks a key as known; false when there is nothing to read, after reporting a required field as missing. */
  function present(key: string, options: { readonly default?: unknown; readonly optional?: boolean }, allowed: string): boolean {
    known.add(key);
    if (object[key] !== undefined && Object.hasOwn(object, key)) return true;
    if (isObject && options.default === undefined && options.optional !== true)
      add('E-MISSING', fieldPath(path, key), `is missing; it needs ${allowed}`);
    return false;
  }

  function wrongType(key: string, allowed: string): void {
    add('E-TYPE', fieldPath(path, key), `needs ${allowed}, not ${describe(object[key])}`, {
      got: describe(object[key]),
      expected: allowed,
    });
  }

  function checkBounds(
    key: string,
    value: number,
    shown: string,
    bounds: Bounds<number | string>,
    toNumber: (bound: number | string) => number,
  ): boolean {
    const { min, max, above, below } = bounds;
    const fault =
      min !== undefined && value < toNumber(min)
        ? `at least ${min}`
        : above !== undefined && value <= toNumber(above)
          ? `more than ${above}`
          : max !== undefined && value > toNumber(max)
            ? `at most ${max}`
            : below !== undefined && value >= toNumber(below)
              ? `less than ${below}`
              : undefined;
    if (fault === undefined) return true;
    add('E-RANGE', fieldPath(path, key), `is ${shown}, but must be ${fault}`, { got: shown, expected: fault });
    return false;
  }

  /** One typed field: absent, wrong and right. The casts are sound because `fallback` and `read` give the type that `Read` names. */
  function field<T>(key: string, options: Presence<T>, allowed: string, fallback: T, read: (given: unknown) => T | undefined): T {
    const absent = (options.default ?? (options.optional === true ? undefined : fallback)) as T;
    if (!present(key, options, allowed)) return absent;
    return read(object[key]) ?? absent;
  }

  const reader: OptionsReader = {
    path,
    keys: Object.keys(object),
    has: (key) => Object.hasOwn(object, key) && object[key] !== undefined,

    number(key, options?) {
      const given: NumberOptions = options ?? {};
      const allowed = given.integer ? 'a whole number' : 'a number';
      return field(key, given, allowed, Number.NaN, (value) => {
        if (typeof value !== 'number' || !Number.isFinite(value) || (given.integer && !Number.isSafeInteger(value))) {
          wrongType(key, allowed);
          return undefined;
        }
        return checkBounds(key, value, String(value), given, Number) ? value : undefined;
      }) as never;
    },

    quantity(key, dimension, options?) {
      const given = (options ?? {}) as QuantityOptions<Dimension>;
      const toSi = (text: unknown): number => {
        const si = parseQuantity(text, dimension, key);
        return typeof si === 'number' ? si : Number.NaN;
      };
      const siDefault: Presence<number> = {
        default: given.default === undefined ? undefined : toSi(given.default),
        optional: given.optional,
      };
      return field(key, siDefault, `a ${dimension} with its unit`, Number.NaN, (value) => {
        const si = parseQuantity(value, dimension, fieldPath(path, key));
        if (typeof si === 'number') return checkBounds(key, si, String(value), given, toSi) ? si : undefined;
        add(si.code, fieldPath(path, key), si.message, { got: si.got, expected: si.expected });
        return undefined;
      }) as never;
    },

    choice<T extends string>(key: string, allowed: readonly T[], options?: ChoiceOptions<T>) {
      const list = allowed.join(', ');
      return field<T>(key, options ?? {}, `one of ${list}`, allowed[0], (value) => {
        if (typeof value !== 'string') {
          wrongType(key, `one of ${list}`);
          return undefined;
        }
        const chosen = allowed.find((candidate) => candidate === value);
        if (chosen === undefined)
          add('E-CHOICE', fieldPath(path, key), `unknown ${options?.noun ?? key} ${nearest(value, allowed)}`, {
            got: value,
            expected: list,
          });
        return chosen;
      }) as never;
    },

    boolean(key, options?) {
      return field(key, options ?? {}, 'true or false', false, (value) => {
        if (typeof value === 'boolean') return value;
        wrongType(key, 'true or false');
        return undefined;
      }) as never;
    },

    string(key, options?) {
      return field(key, options ?? {}, 'a text', '', (value) => {
        if (typeof value === 'string') return value;
        wrongType(key, 'a text');
        return undefined;
      }) as never;
    },

    object(key, options?) {
      if (!present(key, options ?? {}, 'an object')) {
        return (options?.optional === true ? undefined : readOptions({}, fieldPath(path, key), [], locate)) as never;
      }
      return readOptions(object[key], fieldPath(path, key), problems, locate) as never;
    },

    list<T>(key: string, readItem: (item: unknown, path: string) => T, options?: ListOptions) {
      return field<T[]>(key, { optional: options?.optional }, 'a list', [], (value) => {
        if (!Array.isArray(value)) {
          wrongType(key, 'a list');
          return undefined;
        }
        const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = options ?? {};
        const count = `${value.length} ${value.length === 1 ? 'item' : 'items'}`;
        if (value.length < minLength) add('E-RANGE', fieldPath(path, key), `has ${count}, but needs at least ${minLength}`);
        if (value.length > maxLength) add('E-RANGE', fieldPath(path, key), `has ${count}, but may have at most ${maxLength}`);
        return value.map((item, index) => readItem(item, itemPath(fieldPath(path, key), index)));
      }) as never;
    },

    raw(key) {
      known.add(key);
      return Object.hasOwn(object, key) ? object[key] : undefined;
    },

    rest() {
      const left = Object.entries(object).filter(([key]) => !known.has(key));
      for (const [key] of left) known.add(key);
      return Object.fromEntries(left);
    },

    reject(key, problem) {
      add(problem.code, fieldPath(path, key), problem.message, problem);
    },

    finish() {
      for (const key of Object.keys(object)) {
        if (known.has(key)) continue;
        const message = `${path === '' ? '' : 'has an '}unknown key ${nearest(key, [...known])}`;
        add('E-UNKNOWN-KEY', path, message, { got: key }, fieldPath(path, key));
      }
    },
  };

  if (!isObject) add('E-TYPE', path, `needs an object, not ${describe(value)}`, { got: describe(value), expected: 'an object' });
  return reader;
}

/** `"liff" - did you mean "lif"? (lif, cubalif)` */
function nearest(given: string, allowed: readonly string[]): string {
  const near = didYouMean(given, allowed);
  return `"${given}"${near === undefined ? '' : ` - did you mean "${near}"?`} (${allowed.join(', ')})`;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'string') return `"${value}"`;
  if (value !== null && (typeof value === 'object' || typeof value === 'function'))
    return typeof value === 'object' ? 'an object' : 'a function';
  return String(value);
}
