/**
 * Runs the app with live reload: the page comes from Vite's server and changes in place; main, the worker and the
 * preload script are built again when their sources change, and the app starts anew.
 *
 * `MUSTER_DEV_SERVER_URL` tells the app where the server is. The app heeds it only when it is not packaged, and only for
 * this computer; everything else about its security stays as it is.
 */
import { openRunContext, prepareApp, runToEnd, startElectron } from './lib/app.mjs'
import { BUNDLES, forgetBuild } from './lib/build.mjs'
import { inRoot, rootFolder } from './lib/paths.mjs'
import { runScript, say } from './lib/say.mjs'

/** Several bundles share sources: one start for all that are built within this time. */
const RESTART_DELAY_MS = 300

void runScript(async () => {
  const runtime = await prepareApp()
  const context = await openRunContext(runtime)
  const server = await servePage()
  const environment = { ...context.environment, MUSTER_DEV_SERVER_URL: server.resolvedUrls?.local[0] ?? '' }
  say(`the page comes from ${environment.MUSTER_DEV_SERVER_URL}`)

  let isStale = true
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let app
  const watchers = await watchBundles(() => {
    say('main changed; starting anew.')
    isStale = true
    app?.kill('SIGTERM')
  })
  try {
    let code = 0
    while (isStale) {
      isStale = false
      app = startElectron(runtime, { ...context, environment }, rootFolder, process.argv.slice(2))
      code = await runToEnd(app)
    }
    return code
  } finally {
    await Promise.all(watchers.map(watcher => watcher.close()))
    await server.close()
    context.close()
  }
})

async function servePage() {
  const { createServer } = await import('vite')
  // A build in this process has left `production` there, which would turn off React's refresh in place.
  process.env.NODE_ENV = 'development'
  const server = await createServer({ configFile: inRoot(BUNDLES.renderer.config), server: { host: '127.0.0.1' } })
  return server.listen()
}

/**
 * Resolves when every bundle has been built once; from then on `dist/` follows the sources as they change.
 * @param {() => void} onChanged
 */
async function watchBundles(onChanged) {
  await forgetBuild()
  const { build } = await import('vite')
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const start = async (/** @type {import('./lib/build.mjs').BundleName} */ name) => {
    const watcher = await build({ configFile: inRoot(BUNDLES[name].config), mode: name, logLevel: 'warn', build: { watch: {} } })
    if (!('on' in watcher)) throw new Error(`The ${name} bundle is not watched.`)
    await new Promise(resolve => {
      let isFirst = true
      let hasFailed = false
      watcher.on('event', event => {
        if (event.code === 'ERROR') hasFailed = true
        if (event.code !== 'END') return
        clearTimeout(timer)
        // Vite has said what is wrong; the app goes on as it was.
        if (!isFirst && !hasFailed) timer = setTimeout(onChanged, RESTART_DELAY_MS)
        isFirst = false
        hasFailed = false
        resolve(undefined)
      })
    })
    return watcher
  }
  return Promise.all([start('main'), start('worker'), start('preload')])
}
