/**
 * Packages the app.
 *
 *   npm run package        installers for this platform; needs the released Electron
 *   npm run package:dir    the unpacked app for tests, with any Electron
 */
import { packageForTest, packageRelease } from './lib/package.mjs'
import { runScript } from './lib/say.mjs'

void runScript(() => (process.argv.includes('--dir') ? packageForTest() : packageRelease()))
