import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import { SimulatedBoards } from '../../../electron/core/transport/simulated/simulated-boards'
import { TransportError } from '../../../electron/core/transport/transport'
import { MusterError } from '../../../shared/errors'
import { SIMULATED_START_MAX } from '../../../shared/limits'
import { interpreterPackage } from '../../boards/build-worker'
import { FakeClock } from '../../fakes/fake-clock'
import { createBoards, Terminal } from './rig'

const owned: SimulatedBoards[] = []

async function startBoards(count: number, limit?: number): Promise<SimulatedBoards> {
  const boards = await createBoards(systemClock, limit)
  owned.push(boards)
  if (count > 0) await boards.start(count)
  return boards
}

afterEach(async () => {
  await Promise.all(owned.splice(0).map(boards => boards.dispose()))
})

async function transportError(promise: Promise<unknown>): Promise<TransportError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (!(error instanceof TransportError)) throw new Error(`There was no transport error but ${String(error)}.`)
  return error
}

const paths = (boards: SimulatedBoards): readonly string[] => boards.list().map(port => port.path)

describe('starting and stopping', () => {
  it('lists boards as ports, with the lowest free numbers', async () => {
    const boards = await startBoards(3)
    expect(boards.list()[0]).toEqual({
      path: 'simulated:1',
      backend: 'simulated',
      source: 'simulated',
      present: true,
      deviceKey: 'path:simulated:1',
      label: 'sim-01',
      boardHint: null,
      usb: null,
      settings: { lines: 'raise', baudRate: null },
    })
    await boards.stop('simulated:2')
    expect(paths(boards)).toEqual(['simulated:1', 'simulated:3'])
    expect((await boards.start(2)).map(port => port.path)).toEqual(['simulated:2', 'simulated:4'])
  })

  it('tells when the list has changed', async () => {
    const boards = await startBoards(0)
    const seen: (readonly string[])[] = []
    boards.onChanged(() => seen.push(paths(boards)))
    await boards.start(1)
    await boards.stop('simulated:1')
    expect(seen).toEqual([['simulated:1'], []])
  })

  it('starts as many at once as are allowed, and all of them answer', async () => {
    const boards = await startBoards(SIMULATED_START_MAX)
    const terminals = await Promise.all(paths(boards).map(port => Terminal.open(boards, port)))
    expect(terminals).toHaveLength(SIMULATED_START_MAX)
    const answers = terminals.map(async terminal => {
      await terminal.enterRaw()
      return await terminal.output('import machine\nprint(6*7, machine.unique_id())')
    })
    const outputs = await Promise.all(answers)
    expect(outputs.every(output => output.startsWith('42 '))).toBe(true)
    expect(new Set(outputs).size).toBe(SIMULATED_START_MAX)
  })

  it.each([0, -1, 1.5, 17, Number.NaN])('refuses to start %d', async count => {
    const boards = await startBoards(0)
    await expect(boards.start(count)).rejects.toMatchObject({ info: { code: 'InvalidArgument' } })
    expect(boards.list()).toEqual([])
  })

  it('refuses more than there may be', async () => {
    const boards = await startBoards(0, 6)
    const starting = Array.from({ length: 3 }, () => boards.start(3))
    const results = await Promise.allSettled(starting)
    const refused = results.filter(result => result.status === 'rejected')
    expect(refused).toHaveLength(1)
    expect(refused[0]?.reason).toMatchObject({ info: { code: 'InvalidArgument', reason: 'too-many-simulated' } })
    expect(boards.list()).toHaveLength(6)
  })

  it('refuses to stop what is not there', async () => {
    const boards = await startBoards(0)
    await expect(boards.stop('simulated:1')).rejects.toMatchObject({ info: { code: 'InvalidArgument', reason: 'not-found' } })
  })

  it('says what is wrong when the interpreter is not there, and tries again', async () => {
    const boards = new SimulatedBoards({ workerPath: '/nowhere.js', packageFolder: '/nowhere', clock: systemClock, logger: silentLogger })
    const error = await boards.start(1).catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(MusterError)
    expect(String(error)).toContain('The interpreter of the simulated boards could not be loaded: ENOENT')
    await expect(boards.start(1)).rejects.toThrow('could not be loaded')
  })

  it.each([
    ['throws', 'throw new Error("no good")', 'no good'],
    ['ends', '', 'it stopped by itself'],
  ])('says so when a worker %s instead of starting', async (_, source, why) => {
    const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-worker-'))
    const workerPath = path.join(folder, 'worker.js')
    await fs.writeFile(workerPath, source)
    const boards = new SimulatedBoards({ workerPath, packageFolder: interpreterPackage, clock: systemClock, logger: silentLogger })
    await expect(boards.start(2)).rejects.toThrow(`2 of 2 simulated boards did not start. The simulated board could not start: `)
    await expect(boards.start(1)).rejects.toThrow(why)
    expect(boards.list()).toEqual([])
    await boards.dispose()
    await fs.rm(folder, { recursive: true })
  })

  it('leaves nothing behind when it is disposed', async () => {
    const portsBefore = countMessagePorts()
    const clock = new FakeClock()
    const boards = await createBoards(clock)
    await boards.start(4)
    const terminal = await Terminal.open(boards)
    await terminal.type('\x03\x01while True: print(1)\x04')
    await terminal.wait(() => terminal.received.includes('raw REPL'), 'the board did not answer')
    await boards.dispose()
    expect(clock.pendingTimers).toBe(0)
    expect(countMessagePorts()).toBe(portsBefore)
    expect(boards.list()).toEqual([])
    await expect(boards.start(1)).rejects.toMatchObject({ info: { code: 'ManagerDisposed' } })
  })

  it('can be disposed while boards start', async () => {
    const portsBefore = countMessagePorts()
    const boards = await createBoards()
    const starting = boards.start(4).catch((error: unknown) => error)
    await new Promise(resolve => setTimeout(resolve, 20))
    await boards.dispose()
    expect(await starting).toBeInstanceOf(MusterError)
    expect(countMessagePorts()).toBe(portsBefore)
  })
})

function countMessagePorts(): number {
  return process.getActiveResourcesInfo().filter(kind => kind === 'MessagePort').length
}

describe('the transport', () => {
  it('holds its board alone', async () => {
    const boards = await startBoards(1)
    const first = await Terminal.open(boards)
    const error = await transportError(Terminal.open(boards))
    expect(error.reason).toBe('port-in-use')
    expect(error.message).toContain('simulated:1')
    await first.transport.close()
    const second = await Terminal.open(boards)
    expect(second.transport.isOpen).toBe(true)
  })

  it('leaves the board as it is when it closes', async () => {
    const boards = await startBoards(1)
    const first = await Terminal.open(boards)
    await first.enterRaw()
    await first.output('x = 12\nopen("kept", "w").close()')
    await first.transport.close()
    const second = await Terminal.open(boards)
    await second.enterRaw()
    expect(await second.output('import os\nprint(x, os.listdir())')).toBe("12 ['kept']\r\n")
  })

  it('gets nothing that was said before it was open', async () => {
    const boards = await startBoards(1)
    const first = await Terminal.open(boards)
    await first.enterRaw()
    await first.begin('while True: print("flood")')
    await first.transport.close()
    const second = await Terminal.open(boards)
    await second.exchange('\x03', 'KeyboardInterrupt')
    await second.enterRaw()
    expect(await second.output('print(1)')).toBe('1\r\n')
    await second.transport.close()
    expect(first.losses).toEqual([])
  })

  it('can be closed by a listener, and the board opened anew, in the middle of a flood', async () => {
    const boards = await startBoards(1)
    const first = await Terminal.open(boards)
    await first.enterRaw()
    await first.begin('while True: print("flood")')
    const second = new Terminal(boards.create({ port: 'simulated:1' }))
    const opened = new Promise<void>(resolve => {
      first.transport.onData(() => {
        first.transport.kill()
        resolve(second.transport.open(new AbortController().signal))
      })
    })
    await opened
    await second.read('flood')
    await second.exchange('\x03', 'KeyboardInterrupt')
    await second.enterRaw()
    expect(await second.output('print(1)')).toBe('1\r\n')
  })

  it('does not open what is not there', async () => {
    const boards = await startBoards(0)
    const error = await transportError(Terminal.open(boards, 'simulated:9'))
    expect(error.reason).toBe('not-found')
    expect(error.message).toBe('There is no simulated board simulated:9.')
    expect(error.hint).toBeDefined()
  })

  it('is good for one open', async () => {
    const boards = await startBoards(1)
    const terminal = await Terminal.open(boards)
    await terminal.transport.close()
    expect((await transportError(terminal.transport.open(new AbortController().signal))).reason).toBe('cancelled')
  })

  it('opens nothing when it is aborted', async () => {
    const boards = await startBoards(1)
    const transport = boards.create({ port: 'simulated:1' })
    expect((await transportError(transport.open(AbortSignal.abort()))).reason).toBe('cancelled')
    expect(transport.isOpen).toBe(false)
    await transport.released
    await Terminal.open(boards)
  })

  it('rejects writes after its end and is silent', async () => {
    const boards = await startBoards(1)
    const terminal = await Terminal.open(boards)
    await terminal.enterRaw()
    await terminal.begin('import time\ntime.sleep(100)')
    const blocked = terminal.transport.write(new Uint8Array(200_000))
    const written = transportError(blocked)
    terminal.transport.kill()
    expect((await written).reason).toBe('disconnected')
    await terminal.transport.released
    await terminal.transport.close()
    expect((await transportError(terminal.type('x'))).reason).toBe('disconnected')
    await boards.stop('simulated:1')
    expect(terminal.losses).toEqual([])
  })
})

describe('losing a board', () => {
  it('by stopping it is an unplug', async () => {
    const boards = await startBoards(1)
    const terminal = await Terminal.open(boards)
    await terminal.enterRaw()
    await terminal.begin('while True: print("flood")')
    const waiting = transportError(terminal.transport.write(new Uint8Array(200_000)))
    await boards.stop('simulated:1')
    const error = await terminal.lost()
    expect(await waiting).toBe(error)
    expect(error.reason).toBe('disconnected')
    expect(error.message).toBe('The simulated board simulated:1 is gone: it was stopped.')
    expect(terminal.transport.isOpen).toBe(false)
    expect((await transportError(terminal.type('x'))).reason).toBe('disconnected')
    expect(terminal.losses).toHaveLength(1)
  })

  it('to a broken interpreter says why, and its number is free again', async () => {
    const boards = await startBoards(2)
    const terminal = await Terminal.open(boards)
    await terminal.enterRaw()
    await terminal.type('import sys\ndel sys.modules["js"]\nimport js\njs.x = 1\x04')
    const error = await terminal.lost()
    expect(error.message).toBe(
      'The simulated board simulated:1 is gone: its interpreter failed: Its program reached for the JavaScript around it.',
    )
    expect(paths(boards)).toEqual(['simulated:2'])
    await boards.start(1)
    const again = await Terminal.open(boards)
    await again.enterRaw()
    expect(await again.output('print(1)')).toBe('1\r\n')
  })

  it('to destroyed memory does not reach the host', async () => {
    const boards = await startBoards(1)
    const terminal = await Terminal.open(boards)
    await terminal.enterRaw()
    await terminal.type('import uctypes\nb = uctypes.bytearray_at(0, 16_000_000)\nfor i in range(len(b)): b[i] = 255\x04')
    await Promise.race([terminal.lost(), new Promise(resolve => setTimeout(resolve, 2_000))])
    // A trap loses the board; a program that only goes mad can still be stopped.
    if (terminal.losses.length === 0) await boards.stop('simulated:1')
    expect(terminal.losses).toHaveLength(1)
    expect(boards.list()).toEqual([])
  })
})
