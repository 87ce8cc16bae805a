/**
 * Lays a person's changes over a description: objects merge key by key, lists of named objects merge by `name`, anything else replaces. Two
 * exceptions keep a merge from mixing things of different kinds: an object that names another `kind`, `model` or `source` than the one it
 * lies on replaces it, and so does a weight or delay given in another form (`uniform` over `normal`). Every part of the result remembers
 * which part of the changes it came from, so that a problem found later is reported with the path in the person's own file.
 */
import type { Problem } from '../core/errors.ts';
import { fieldPath, itemPath } from '../core/json-places.ts';

export interface Merged {
  readonly value: unknown;
  /** Where a path of the result comes from. */
  readonly originOf: (path: string) => Origin;
}

export interface Origin {
  /** Path in the changes, or of the innermost change around it when the part itself is the base's. */
  readonly path: string;
  /** Whether the part was written in the changes (or is missing from them) rather than in the base. */
  readonly isOwn: boolean;
}

/** A part of the changes, and whether it took the place of what was there or was merged with it. */
interface Layer {
  readonly path: string;
  readonly replaces: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

/** An object of another one of these is another thing. */
const DISCRIMINATORS = ['kind', 'model', 'source'] as const;
/** Fields whose objects have one key that says how they are written. */
const WRITTEN_IN_FORMS: ReadonlySet<string> = new Set(['weight', 'delay']);

/** `path` is that of both the base and the changes in their documents, e.g. `network`. Problems name the place in the changes. */
export function mergeOver(base: unknown, changes: unknown, path: string, problems: Problem[]): Merged {
  /** By path in the result: everything that was merged, or replaced as a whole. */
  const layers = new Map<string, Layer>();

  function merge(under: unknown, over: unknown, at: string, ownAt: string, key: string): unknown {
    const mergesFields = isFields(under) && isFields(over) && !isOtherKind(under, over, key);
    const mergesItems = isNamedList(under) && Array.isArray(over);
    layers.set(at, { path: ownAt, replaces: !mergesFields && !mergesItems });
    if (mergesFields) {
      const fields = Object.entries(over).map(([name, value]): [string, unknown] => {
        const inner = Object.hasOwn(under, name) ? under[name] : undefined;
        return [name, merge(inner, value, fieldPath(at, name), fieldPath(ownAt, name), name)];
      });
      return { ...under, ...Object.fromEntries(fields) };
    }
    return mergesItems ? mergeByName(under, over, at, ownAt) : over;
  }

  function mergeByName(under: readonly (Fields & { name: string })[], over: readonly unknown[], at: string, ownAt: string): unknown[] {
    const result: unknown[] = [...under];
    over.forEach((item, own) => {
      const place = itemPath(ownAt, own);
      if (!isFields(item) || typeof item.name !== 'string') {
        const names = under.map(({ name }) => `"${name}"`).join(', ');
        problems.push({
          code: 'E-MISSING',
          message: `needs a "name": one of ${names} to change that one, or a new one to add it`,
          where: { path: place },
        });
        return;
      }
      const found = under.findIndex(({ name }) => name === item.name);
      const index = found >= 0 ? found : result.length;
      result[index] = merge(under[found], item, itemPath(at, index), place, '');
    });
    return result;
  }

  const value = merge(base, changes, path, path, '');
  return { value, originOf: (inResult) => originOf(inResult, layers, base, path) };
}

/** The innermost change around the path. What lies behind it is the base's if the base has the next step and the change did not replace it. */
function originOf(inResult: string, layers: ReadonlyMap<string, Layer>, base: unknown, root: string): Origin {
  for (let end = inResult.length; end > 0; end--) {
    const isWholeStep = end === inResult.length || inResult[end] === '.' || inResult[end] === '[';
    const layer = isWholeStep ? layers.get(inResult.slice(0, end)) : undefined;
    if (layer === undefined) continue;
    const rest = inResult.slice(end);
    const nextStep = rest.slice(0, rest.slice(1).search(/[.[]|$/) + 1);
    const isOwn = rest === '' || layer.replaces || !isInside(base, inResult.slice(root.length, end) + nextStep);
    return { path: isOwn ? layer.path + rest : layer.path, isOwn };
  }
  return { path: root, isOwn: true };
}

/** Whether a relative path such as `.populations[1].size` leads to a value. */
function isInside(value: unknown, path: string): boolean {
  let at: unknown = value;
  for (const [, key, index, quoted] of path.matchAll(/\.([\w$-]+)|\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]/g)) {
    const step = key ?? index ?? (JSON.parse(quoted) as string);
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, step)) return false;
    at = (at as Fields)[step];
  }
  return true;
}

function isOtherKind(under: Fields, over: Fields, key: string): boolean {
  if (DISCRIMINATORS.some((name) => over[name] !== undefined && over[name] !== under[name])) return true;
  return WRITTEN_IN_FORMS.has(key) && !Object.keys(over).some((name) => Object.hasOwn(under, name));
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !ArrayBuffer.isView(value);
}

function isNamedList(value: unknown): value is readonly (Fields & { name: string })[] {
  return Array.isArray(value) && value.length > 0 && value.every((item) => isFields(item) && typeof item.name === 'string');
}
