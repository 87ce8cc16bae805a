/**
 * Runs before `npm start` and `npm test`: checks Node, installs the packages when they are not those of the lock file, builds when a
 * source changed. Uses Node built-ins only, because nothing else may be installed yet. Everything it says goes to stderr: stdout belongs
 * to the command that follows, which may promise exactly one JSON document.
 */
import { spawnSync } from 'node:child_process';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { whyBuild, whyInstall } from './freshness.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function refuseOldNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 20 || (major === 20 && minor >= 19)) return;
  stop(
    `hillock needs Node 20.19 or newer; this is Node ${process.versions.node}. Install a current Node from https://nodejs.org and try again.`,
  );
}

function install(reason) {
  say(`installing packages (npm ci): ${reason}`);
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  const stdio = ['ignore', 2, 2];
  const result =
    npm === undefined
      ? spawnSync('npm', args, { cwd: root, stdio, shell: process.platform === 'win32' })
      : spawnSync(process.execPath, [npm, ...args], { cwd: root, stdio });
  if (result.status !== 0) {
    const how = result.error?.message ?? (result.status === null ? `stopped by ${result.signal}` : `exit ${result.status}`);
    stop(
      `the packages could not be installed: npm ci failed (${how}). Its own message is above: this one time it needs the network, and a package-lock.json that fits package.json.`,
    );
  }
}

async function build(reason) {
  say(`building: ${reason}`);
  const { buildDist } = await import('./build.mjs');
  await buildDist();
}

function say(text) {
  process.stderr.write(`prepare: ${text}\n`);
}

function stop(text) {
  say(text);
  process.exit(1);
}

refuseOldNode();
try {
  const missing = whyInstall(root);
  if (missing !== undefined) install(missing);
  const stale = whyBuild(root);
  if (stale !== undefined) await build(stale);
} catch (error) {
  stop(error.message);
}
