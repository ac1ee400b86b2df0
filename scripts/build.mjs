/**
 * Builds the app into `dist/`.
 *
 *   node scripts/build.mjs                        everything
 *   node scripts/build.mjs --only main,preload    some bundles: main, worker, preload, renderer
 */
import { parseArgs } from 'node:util'
import { BUNDLES, buildBundles, ensureBuilt, forgetBuild } from './lib/build.mjs'
import { ensureInstalled } from './lib/install.mjs'
import { PlainError, runScript } from './lib/say.mjs'

await runScript(async () => {
  const { only } = parseArgs({ options: { only: { type: 'string' } } }).values
  await ensureInstalled()
  if (only === undefined) {
    await forgetBuild()
    await ensureBuilt()
  } else {
    await buildBundles(only.split(',').map(toBundleName))
  }
})

/** @param {string} name */
function toBundleName(name) {
  if (Object.hasOwn(BUNDLES, name)) return /** @type {import('./lib/build.mjs').BundleName} */ (name)
  throw new PlainError(`There is no bundle ${name}. There are: ${Object.keys(BUNDLES).join(', ')}.`)
}
