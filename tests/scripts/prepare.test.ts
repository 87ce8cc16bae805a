/** Set-up: `prepare` installs and builds exactly when it has to, says so on stderr, and leaves stdout to the command that follows. */
import { readFileSync, statSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { test } from 'uvu';
import * as assert from 'uvu/assert';
import type { Workshop } from '../support/workshop.ts';
import { openWorkshop } from '../support/workshop.ts';

const LOCK =
  '{ "packages": { "": {}, "node_modules/a": { "version": "1.2.0" }, "node_modules/b": { "version": "3.0.0", "optional": true } } }';
const SOURCES = {
  'index.ts': `export { half } from './core/half.ts';\n`,
  'core/half.ts': `export const half = (x: number): number => x / 2;\n`,
  'cli/main.ts': `import { half } from 'hillock';\nimport css from 'text:uplot/dist/uPlot.min.css';\nimport * as v from 'valibot';\nconsole.log(JSON.stringify({ half: half(v.parse(v.number(), 5)), css: css.slice(0, 6) }));\n`,
};

/** Stands in for npm: notes how it was called and puts node_modules in place. */
function fakeNpm(exit: number): string {
  return `const fs = require('node:fs');
    fs.writeFileSync('npm-was-called', process.argv.slice(2).join(' '));
    console.log('npm says something on stdout');
    if (${exit}) process.exit(${exit});
    if (!fs.existsSync('node_modules')) fs.symlinkSync(${JSON.stringify(resolve('node_modules'))}, 'node_modules', 'junction');`;
}

function withProject(body: (workshop: Workshop) => void, packages = true): void {
  const workshop = openWorkshop({ ...SOURCES, 'package-lock.json': LOCK }, { packages: false });
  if (packages) installedRecord(workshop, '1.2.0');
  try {
    body(workshop);
  } finally {
    workshop.remove();
  }
}

/** A node_modules of its own with npm's record in it and links to the packages that the scripts and sources import. */
function installedRecord(workshop: Workshop, version: string): void {
  workshop.write('node_modules/.package-lock.json', `{ "packages": { "node_modules/a": { "version": "${version}" } } }`);
  for (const name of ['esbuild', 'valibot', 'uplot']) {
    if (!workshop.exists(`node_modules/${name}`))
      symlinkSync(resolve('node_modules', name), join(workshop.folder, 'node_modules', name), 'junction');
  }
}

const prepare = ['scripts/prepare.mjs'];

test('the first run builds, the second has nothing to do and says nothing', () => {
  withProject((workshop) => {
    const first = workshop.node(prepare);
    assert.is(first.stderr, 'prepare: building: dist is missing\n');
    assert.is(first.stdout, '');
    assert.is(first.code, 0);
    const second = workshop.node(prepare);
    assert.equal([second.code, second.stdout, second.stderr], [0, '', '']);
  });
});

test('the built command line runs: own name, inlined text, bundled package, first line and mode', () => {
  withProject((workshop) => {
    workshop.node(prepare);
    assert.equal(JSON.parse(workshop.node(['dist/cli.js']).stdout), { half: 2.5, css: '.uplot' });
    const file = join(workshop.folder, 'dist/cli.js');
    assert.match(readFileSync(file, 'utf8'), /^#!\/usr\/bin\/env node\n/);
    assert.is(statSync(file).mode & 0o777, 0o755);
    assert.not.match(readFileSync(file, 'utf8'), /from ["']valibot["']/);
  });
});

test('a stack trace names the line of the source, in spite of the added first line', () => {
  withProject((workshop) => {
    workshop.write('cli/main.ts', `import { half } from 'hillock';\n\nthrow new Error(\`no \${half(4)}\`);\n`);
    workshop.node(prepare);
    assert.match(workshop.node(['--enable-source-maps', 'dist/cli.js']).stderr, /cli\/main\.ts:3:7/);
  });
});

test('a changed source is built again', () => {
  withProject((workshop) => {
    workshop.node(prepare);
    workshop.write('core/half.ts', 'export const half = (x: number): number => x / 2 + 100;\n');
    assert.is(workshop.node(prepare).stderr, 'prepare: building: core/half.ts changed\n');
    assert.is(JSON.parse(workshop.node(['dist/cli.js']).stdout).half, 102.5);
  });
});

test('a failed build says where, exits with 1 and leaves the old one in place', () => {
  withProject((workshop) => {
    workshop.node(prepare);
    workshop.write('core/half.ts', 'export const half = ;\n');
    const failed = workshop.node(prepare);
    assert.is(failed.code, 1);
    assert.match(failed.stderr, /the build failed\n[\s\S]*core\/half\.ts:1:20/);
    assert.is(JSON.parse(workshop.node(['dist/cli.js']).stdout).half, 2.5);
  });
});

test('an entry point without a file is named', () => {
  withProject((workshop) => {
    workshop.write('scripts/entries.mjs', `export const DOORS = { index: 'index.ts', cli: 'cli/gone.ts' };\nexport const WORKERS = {};\n`);
    const { code, stderr } = workshop.node(prepare);
    assert.is(code, 1);
    assert.match(stderr, /the entry point "cli" should be cli\/gone\.ts, which does not exist/);
  });
});

test('a package of another version is installed anew, with npm speaking on stderr', () => {
  withProject((workshop) => {
    installedRecord(workshop, '1.1.0');
    workshop.write('npm.cjs', fakeNpm(0));
    const { code, stdout, stderr } = workshop.node(prepare, { npm_execpath: 'npm.cjs' });
    assert.is(code, 0);
    assert.is(stdout, '');
    assert.match(
      stderr,
      /^prepare: installing packages \(npm ci\): a is 1\.1\.0, the lock file says 1\.2\.0\nnpm says something on stdout\n/,
    );
    assert.match(readFileSync(join(workshop.folder, 'npm-was-called'), 'utf8'), /^ci --include=dev /);
  });
});

test('without node_modules the packages are installed, and the build follows', () => {
  withProject((workshop) => {
    workshop.write('npm.cjs', fakeNpm(0));
    const { code, stderr } = workshop.node(prepare, { npm_execpath: 'npm.cjs' });
    assert.is(code, 0);
    assert.match(stderr, /node_modules is missing/);
    assert.ok(workshop.exists('dist/cli.js'));
  }, false);
});

test('an installation that fails ends in one clear sentence', () => {
  withProject((workshop) => {
    workshop.write('npm.cjs', fakeNpm(7));
    const { code, stderr } = workshop.node(prepare, { npm_execpath: 'npm.cjs' });
    assert.is(code, 1);
    assert.match(
      stderr,
      /the packages could not be installed: npm ci failed \(exit 7\)\. Its own message is above: this one time it needs the network/,
    );
    assert.not(workshop.exists('dist'));
  }, false);
});

test('a Node that is too old is refused before anything else happens', () => {
  withProject((workshop) => {
    const older = (version: string) => {
      const pretend = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'${version}'}})`;
      return workshop.node(['--import', pretend, ...prepare]);
    };
    const refused = older('20.18.3');
    assert.is(refused.code, 1);
    assert.match(refused.stderr, /^prepare: hillock needs Node 20\.19 or newer; this is Node 20\.18\.3\./);
    assert.not(workshop.exists('dist'));
    assert.is(older('20.19.0').code, 0);
    assert.is(older('22.0.0').code, 0);
  });
});

test.run();
