/** The version of this package, read from its manifest when the build bundles it. */
import manifest from '../package.json' with { type: 'json' };

export const VERSION: string = manifest.version;
