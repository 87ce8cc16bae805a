/**
 * Some tests compare us with recordings and data sets that are too large for the repository. They lie in a folder `shared` beside the
 * checkout (or where HILLOCK_SHARED says). Where they are missing the test is skipped, by name and visibly, never silently passed.
 */
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The part of a uvu suite that is needed here. */
interface Suite {
  (name: string, body: () => void | Promise<void>): void;
  skip(name?: string, body?: () => void | Promise<void>): void;
}

/** Where `path` of the shared folder lies. Tests run with the repository's root as working directory. */
export function sharedPath(path: string): string {
  return join(process.env.HILLOCK_SHARED ?? resolve(process.cwd(), '../shared'), path);
}

/** Registers `body` when `path` (relative to the shared folder) is there, and hands it the full path; skips the test otherwise. */
export function skipWithoutShared(test: Suite, name: string, path: string, body: (fullPath: string) => void | Promise<void>): void {
  const fullPath = sharedPath(path);
  if (existsSync(fullPath)) {
    test(name, () => body(fullPath));
    return;
  }
  test.skip(name);
  console.log(`skipped: ${name} (needs ../shared/${path})`);
}
