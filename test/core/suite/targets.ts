import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import { SerialTransports } from '../../../electron/core/transport/serial/serial-transports'
import type { Transport } from '../../../electron/core/transport/transport'
import { DEFAULT_BAUD_RATE } from '../../../shared/limits'
import { startMicrobit } from '../../boards/microbit'
import { startNativeBoard } from '../../boards/native-board'
import { createBoards } from '../simulated/rig'

/** A board that the suite can be run on. */
export interface Target {
  readonly name: string
  /** Nothing holds back what is sent too fast, as on a UART: it is lost. */
  readonly isRealLine?: boolean
  /** Whoever starts it ends it. */
  start(): Promise<RunningTarget>
}

export interface RunningTarget {
  /** A way to the board, not open yet: one at a time. */
  connect(): Transport
  end(): Promise<unknown>
}

export const NATIVE_BOARD: Target = {
  name: 'the native board',
  async start() {
    const board = await startNativeBoard()
    return { connect: () => serialPort(board.path), end: () => board.unplug() }
  },
}

/** Its emulator takes more than its real line would, but the board loses what it has no room for. */
export const MICROBIT: Target = {
  name: 'a micro:bit with firmware of 2017',
  isRealLine: true,
  async start() {
    const board = await startMicrobit()
    return { connect: () => serialPort(board.path), end: () => board.unplug() }
  },
}

export const SIMULATED_BOARD: Target = {
  name: 'a simulated board',
  async start() {
    const boards = await createBoards()
    const [port] = await boards.start(1)
    return { connect: () => boards.create({ port: port?.path ?? '' }), end: () => boards.dispose() }
  },
}

/** A board that is plugged in: `/dev/ttyACM0`, `COM3`. */
export function realBoard(path: string, baudRate = DEFAULT_BAUD_RATE): Target {
  return { name: `the board on ${path}`, start: async () => ({ connect: () => serialPort(path, baudRate), end: async () => {} }) }
}

function serialPort(port: string, baudRate = DEFAULT_BAUD_RATE): Transport {
  return new SerialTransports(systemClock, silentLogger).create({ port, baudRate })
}
