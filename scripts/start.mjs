/**
 * Sets up what is missing (packages, Electron, the built app), then opens the window and stays until it is closed.
 * Only Node's own modules may be imported up here: on a fresh clone there are no others yet.
 *
 *   npm start -- [--demo] [--screenshot FILE] [--exit] [--user-data-dir=DIR]
 */
import { prepareApp, runApp } from './lib/app.mjs'
import { runScript } from './lib/say.mjs'

await runScript(async () => runApp(await prepareApp(), process.argv.slice(2)))
