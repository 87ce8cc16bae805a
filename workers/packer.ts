/** Plain data with typed arrays as bytes and back: what is stored, and what is sent to another machine. The library is loaded when it is first needed. */

export interface Packer {
  pack(value: unknown): Uint8Array;
  unpack(bytes: Uint8Array): unknown;
}

export async function openPacker(): Promise<Packer> {
  const { Packr } = await import('msgpackr');
  // typed arrays survive only with structured cloning on
  return new Packr({ structuredClone: true });
}
