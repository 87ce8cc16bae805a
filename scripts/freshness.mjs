/**
 * Answers two questions from file times and lock files alone, with Node built-ins only, in a few milliseconds:
 * are the packages of the lock file installed, and is `dist/` built from the sources as they are now?
 */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Why the packages have to be installed, or undefined when npm's own record says that they are there. */
export function whyInstall(root) {
  const wanted = readJson(join(root, 'package-lock.json'))?.packages;
  if (wanted === undefined) throw new Error('package-lock.json is missing or unreadable; restore it from the repository');
  if (!existsSync(join(root, 'node_modules'))) return 'node_modules is missing';
  const present = readJson(join(root, 'node_modules/.package-lock.json'))?.packages;
  if (present === undefined) return 'node_modules is incomplete';
  for (const [path, entry] of Object.entries(wanted)) {
    // Optional packages are left out by npm where the platform does not need them.
    if (path === '' || entry.link || entry.optional || entry.devOptional) continue;
    const name = path.replace(/^.*node_modules\//, '');
    if (present[path] === undefined) return `${name} ${entry.version} is not installed`;
    if (present[path].version !== entry.version) return `${name} is ${present[path].version}, the lock file says ${entry.version}`;
  }
  return undefined;
}

/** Why dist/ has to be built, or undefined when it is up to date. */
export function whyBuild(root) {
  const stamp = readJson(join(root, 'dist/.stamp'));
  if (stamp === undefined) return 'dist is missing';
  for (const [path, seen] of Object.entries(stamp)) {
    if (timeAndSize(resolve(root, path)) !== seen) return `${path} changed`;
  }
  return undefined;
}

/**
 * The text of `dist/.stamp`: time and size of every file the build read, and of the files that steer it. A file touched after the build
 * began may not be in it; it is entered with a time that never matches.
 */
export function stampOf(root, inputs, startedAt) {
  const steering = ['package.json', 'package-lock.json', 'tsconfig.json'].filter((name) => existsSync(join(root, name)));
  const scripts = readdirSync(join(root, 'scripts'))
    .filter((name) => name.endsWith('.mjs'))
    .map((name) => `scripts/${name}`);
  const seen = {};
  for (const path of [...inputs, ...steering, ...scripts]) {
    const absolute = resolve(root, path);
    seen[path] = statSync(absolute).mtimeMs >= startedAt ? 'touched during the build' : timeAndSize(absolute);
  }
  return `${JSON.stringify(seen, null, 1)}\n`;
}

function timeAndSize(path) {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? 'missing' : `${stat.mtimeMs} ${stat.size}`;
}

function readJson(path) {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return undefined;
  }
}
