/** Builds the native test board, once, and prints where its executable is. */
import { ensureNativeBoard } from './lib/native-board.mjs'
import { runScript } from './lib/say.mjs'

await runScript(async () => {
  process.stdout.write(`${ensureNativeBoard()}\n`)
})
