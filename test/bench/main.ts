/**
 * One part of the measurements, in a process of its own. Started by `npm run bench` with `--expose-gc`, the part's name and
 * the options as JSON; prints the results as JSON. The board's executable is in MUSTER_NATIVE_BOARD.
 */
import { PARTS } from './parts'
import type { InstalledPeers } from './python-peers'
import { FULL, QUICK } from './sizes'

async function main(): Promise<void> {
  const [part = '', text = '{}'] = process.argv.slice(2)
  const { quick, peers } = JSON.parse(text) as { readonly quick: boolean; readonly peers: InstalledPeers }
  const measure = PARTS[part]
  if (measure === undefined) throw new Error(`There is no part "${part}".`)
  if (globalThis.gc === undefined) throw new Error('Start it with --expose-gc.')
  const results = await measure({ sizes: quick ? QUICK : FULL, peers })
  process.stdout.write(`${JSON.stringify({ results })}\n`)
}

// Nothing is left to wait for, and main has not ended: something that was waited for has been forgotten.
process.once('beforeExit', () => {
  process.stderr.write('The measurement stopped before its end.\n')
  process.exit(1)
})

void main().then(
  () => process.exit(0),
  error => {
    process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`)
    process.exit(1)
  },
)
