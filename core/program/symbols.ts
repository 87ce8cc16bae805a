/**
 * What a name in a program means: where its value lives (scope), how it is stored (format) and whether the program may write it. The checker,
 * the locality check, every chip's lowering and every emitter read this table; nothing else knows what `x1` is.
 */
import type { NumberFormat } from './number-format.ts';

/**
 * Where a value lives.
 * `neuron`: one per neuron of the population the program runs over. `synapse`: one per synapse. `pre`, `post`: one per source row or per
 * target neuron of a projection, read from a synapse. `modulator`: one for the projection (third factor). `constant`: a number fixed in the
 * plan. `counter`: an accumulator of the cost ledger, only ever increased by whole numbers. `local`: declared by `let` inside the program.
 */
export type Scope = 'neuron' | 'synapse' | 'pre' | 'post' | 'modulator' | 'constant' | 'counter' | 'local';

export interface SymbolInfo {
  readonly name: string;
  readonly scope: Scope;
  readonly format: NumberFormat;
  readonly writable: boolean;
  /** One phrase for messages, e.g. `pre-synaptic trace, tau 20 ms`. */
  readonly meaning?: string;
}

export type SymbolTable = ReadonlyMap<string, SymbolInfo>;

export function symbolTable(symbols: readonly SymbolInfo[]): SymbolTable {
  return new Map(symbols.map((symbol) => [symbol.name, symbol]));
}
