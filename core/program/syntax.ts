/** The tree straight from the text: names are not yet looked up, nothing has a type. Brackets are kept, because Lava's rules count them. */
import type { Span } from './diagnostics.ts';
import type { OpName } from './op-table.ts';

export type Syntax =
  | { readonly kind: 'number'; readonly value: number; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  /** `w[i]`: never allowed, but read whole so that the message can be exact. */
  | { readonly kind: 'index'; readonly name: string; readonly span: Span }
  | { readonly kind: 'group'; readonly inner: Syntax; readonly span: Span }
  | { readonly kind: 'call'; readonly name: string; readonly nameSpan: Span; readonly args: readonly Syntax[]; readonly span: Span }
  /** Infix, prefix or `? :`. */
  | { readonly kind: 'operator'; readonly op: OpName; readonly opSpan: Span; readonly args: readonly Syntax[]; readonly span: Span };

export type AssignOperator = '=' | '+=' | '-=' | '*=' | '/=';

export interface StatementSyntax {
  /** `let name = …` */
  readonly declares: boolean;
  readonly target: string;
  /** The target was written with an index, `w[3] = …`. */
  readonly indexed: boolean;
  readonly targetSpan: Span;
  readonly operator: AssignOperator;
  readonly value: Syntax;
}
