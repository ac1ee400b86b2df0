/**
 * Entry of a worker thread: one simulated board for as long as the thread lives. The host ends it with `terminate`.
 */
import { parentPort, workerData } from 'node:worker_threads'
import { SIMULATED_FLASH_BYTES, SIMULATED_SOURCE_MAX_BYTES } from '../../../../shared/limits'
import { Board } from './board'
import { BoardLink } from './board-link'
import type { BoardMessage, BoardWorkerData } from './worker-messages'

async function runBoard(data: BoardWorkerData, send: (message: BoardMessage) => void): Promise<never> {
  const board = await Board.load({
    link: new BoardLink(data.linkMemory),
    module: data.module,
    packageFolder: data.packageFolder,
    uniqueId: data.uniqueId,
    flashBytes: SIMULATED_FLASH_BYTES,
    maxSourceBytes: SIMULATED_SOURCE_MAX_BYTES,
    callHost: () => send({ type: 'look' }),
  })
  send({ type: 'ready', access: board.access })
  return board.run()
}

const port = parentPort
if (port === null) throw new Error('A simulated board only runs in a worker thread.')
runBoard(workerData, message => port.postMessage(message)).catch((error: unknown) => {
  port.postMessage({ type: 'failed', message: error instanceof Error ? error.message : String(error) } satisfies BoardMessage)
})
