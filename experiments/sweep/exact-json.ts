/** JSON that keeps every number: infinities (a trace that never decays) and minus zero are written as `{ "number": "Infinity" }`. */

const isLost = (value: unknown): value is number => typeof value === 'number' && (!Number.isFinite(value) || Object.is(value, -0));

export function writeExact(value: unknown): string {
  const marked = (_: string, part: unknown): unknown => (isLost(part) ? { number: Object.is(part, -0) ? '-0' : String(part) } : part);
  return `${JSON.stringify(value, marked, 1)}\n`;
}

/** Throws a SyntaxError as JSON.parse does. */
export function readExact(text: string): unknown {
  return JSON.parse(text, (_, part: unknown) => {
    if (typeof part !== 'object' || part === null) return part;
    const keys = Object.keys(part);
    const { number } = part as { number?: unknown };
    return keys.length === 1 && typeof number === 'string' && isLost(Number(number)) ? Number(number) : part;
  });
}
