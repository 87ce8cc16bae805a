/**
 * A program plus the arrays it runs over becomes one callable loop. This file states the contract between the emitters and the kernel:
 * which loops exist, how each name of the program finds its value, and what the compiled function is called with.
 */
import type { Expr, Program } from './ir.ts';
import type { WasmModule } from './wasm-engine.ts';

export type NumericArray = Float64Array | Float32Array | Int32Array | Int16Array | Int8Array | Uint8Array | Uint16Array | Uint32Array;

/**
 * Items of a `fire` loop that are held stand in a list: one of their values stays what it was, whatever the program makes of it, and they are not among
 * those that fire. All in one memory, and of one precision.
 */
export interface Hold {
  /** [items] above zero for those that are listed, zero for all others */
  readonly left: NumericArray;
  /** [items] */
  readonly held: NumericArray;
  /** [2] the list begins at the first place and ends before the second */
  readonly bounds: Int32Array;
  /** By place: the item, and its value that stays. */
  readonly list: Int32Array;
  readonly saved: NumericArray;
}

/**
 * Which items the loop visits.
 * - `each`: items begin … end-1.                        call(begin, end, tick)
 * - `fire`: the same, and after the program each item for which `when` holds is written to `out`; returns how many.
 *                                                       call(begin, end, tick, out) -> count
 * - `list`: the items list[0 … count-1], none of them twice if they are `distinct`.   call(list, count, tick)
 * - `rows`: for each row r of list[0 … count-1] every synapse k in rowStart[r] … rowStart[r+1]-1, with target j = target[k].
 *           Names of scope `pre` are indexed by r, `post` by j, `synapse` by k.   call(list, count, tick)
 * - `columns`: for each target j of list[0 … count-1] every c in columnStart[j] … columnStart[j+1]-1, with synapse k = synapse[c] and
 *           row r = row[c]; rows r with unless[r] ≠ 0 are left out.   call(list, count, tick)
 */
export type Loop =
  | { readonly kind: 'each' }
  | { readonly kind: 'fire'; readonly when: Expr; readonly hold?: Hold }
  | { readonly kind: 'list'; readonly distinct?: boolean }
  | {
      readonly kind: 'rows';
      readonly rowStart: NumericArray;
      readonly target: NumericArray;
      /** The targets of every row are consecutive numbers: values of the targets lie side by side. */
      readonly consecutive?: boolean;
    }
  | {
      readonly kind: 'columns';
      readonly columnStart: NumericArray;
      readonly synapse: NumericArray;
      readonly row: NumericArray;
      readonly unless?: NumericArray;
    };

/** How one name of the program finds its value. The index of an array follows from the name's scope (see `Loop`). */
export type Binding =
  | { readonly kind: 'array'; readonly array: NumericArray }
  /**
   * Values of one side at several times, read at the time of a spike on the other side: for scope `pre` array[r·stride + times[j]], for scope
   * `post` array[j·stride + times[r]]. Read-only.
   */
  | { readonly kind: 'history'; readonly array: NumericArray; readonly stride: number; readonly times: NumericArray }
  /** A list for all items, read at an index that the program computes (`at` of a read). Read-only. */
  | { readonly kind: 'lookup'; readonly array: NumericArray }
  /** One shared cell: modulators and counters. Counters are kept in a local variable and stored once at the end of the call. */
  | { readonly kind: 'cell'; readonly array: NumericArray; readonly cell: number }
  | { readonly kind: 'constant'; readonly value: number };

export interface KernelSpec {
  /** Function name, as it shows in a profile: letters, digits and underscores. */
  readonly name: string;
  readonly program: Program;
  readonly loop: Loop;
  readonly bindings: ReadonlyMap<string, Binding>;
  /**
   * Key and stream of the draws; the item is `itemBase + i` (neuron loops) or `itemBase + k` (synapse loops), the event is the tick.
   * With `rowShift` the item of synapse k in row r is `itemBase + k + rowShift[r]`; with `items` that of neuron loops is items[i].
   */
  readonly random: {
    readonly seed: number;
    readonly stream: number;
    readonly itemBase: number;
    readonly rowShift?: NumericArray;
    readonly items?: NumericArray;
  };
}

/** A compiled loop. Calling conventions stand beside each loop above; every kernel returns a number (0 where no count is meant). */
export interface Kernel {
  readonly name: string;
  /** The JavaScript or the listing of the WebAssembly that runs, for `plan.explain()`. */
  readonly source: string;
  /** What runs in WebAssembly, without its memory: another thread over the same memory need not compile it again. */
  readonly code?: WasmModule;
  /** In WebAssembly, a list and `out` must lie in the memory of the arrays. */
  run(a: number | Int32Array, b: number, tick: number, out?: Int32Array): number;
}

/** `auto` takes WebAssembly where the loop can run on `memory`, and JavaScript elsewhere. The results are the same, bit for bit. */
export type Backend = 'auto' | 'js' | 'wasm';
