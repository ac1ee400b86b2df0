import { existsSync, statSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../electron/core/base/clock'
import { silentLogger } from '../../../electron/core/base/logger'
import { SerialTransports } from '../../../electron/core/transport/serial/serial-transports'
import { holdPath } from '../../boards/pty'
import { type PtyNode, startPtyBoard, startPtyNode } from '../../boards/pty-board'
import { Terminal } from './rig'

const nodes: PtyNode[] = []
const terminals: Terminal[] = []
const releases: (() => Promise<void>)[] = []

function keep<T extends PtyNode>(node: T): T {
  nodes.push(node)
  return node
}

async function open(node: PtyNode): Promise<Terminal> {
  const terminal = new Terminal(new SerialTransports(systemClock, silentLogger).create({ port: node.path, baudRate: 115_200 }))
  await terminal.transport.open(new AbortController().signal)
  terminals.push(terminal)
  return terminal
}

afterEach(async () => {
  await Promise.all(terminals.splice(0).map(({ transport }) => transport.close()))
  await Promise.all(nodes.splice(0).map(node => node.stop()))
  await Promise.all(releases.splice(0).map(release => release()))
})

describe('a board behind a pseudo-terminal', () => {
  it('answers as on a serial port', async () => {
    const terminal = await open(keep(await startPtyBoard()))
    await terminal.enterRaw()
    expect(await terminal.output('print(6*7)')).toBe('42\r\n')
  })

  it('passes all byte values in both directions', async () => {
    const terminal = await open(keep(await startPtyBoard()))
    await terminal.enterRaw()
    const code =
      'import sys, micropython\nmicropython.kbd_intr(-1)\nprint("go")\ndata = sys.stdin.buffer.read(256)\nsys.stdout.buffer.write(data)'
    await terminal.type(`${code}\x04`)
    await terminal.read('go\r\n')
    const all = String.fromCharCode(...Array.from({ length: 256 }, (_, value) => value))
    await terminal.type(all)
    expect(await terminal.read(`${all.slice(-1)}\x04\x04>`)).toBe(`${all}\x04\x04>`)
  })

  it('delivers a flood of numbered lines byte for byte', async () => {
    const terminal = await open(keep(await startPtyBoard()))
    await terminal.enterRaw()
    const output = await terminal.output('for i in range(20000): print(i)')
    expect(output).toBe(Array.from({ length: 20_000 }, (_, line) => `${line}\r\n`).join(''))
  })

  it('can be unplugged in the middle of a flood', async () => {
    const node = keep(await startPtyBoard())
    releases.push(await holdPath(node.path))
    const terminal = await open(node)
    await terminal.enterRaw()
    await terminal.exchange('while True: print("x" * 60)\x04', 'xxx')
    await node.unplug()
    expect(existsSync(node.path)).toBe(false)
    expect((await terminal.lost()).reason).toBe('disconnected')
  })

  it('falls silent when it is killed, and stays plugged in', async () => {
    const node = keep(await startPtyBoard())
    const terminal = await open(node)
    await terminal.enterRaw()
    await node.kill()
    await terminal.type('print(1)\x04')
    await terminal.wait(() => node.received.includes('print(1)\x04'), 'the code did not arrive')
    // That nothing comes can only be seen by waiting; a running board answers within a few milliseconds.
    await sleep(100)
    expect(existsSync(node.path)).toBe(true)
    expect(terminal.received).toBe('')
    expect(terminal.losses).toEqual([])
  })
})

describe('nodes that are no board', () => {
  it('echo what is sent', async () => {
    const terminal = await open(keep(await startPtyNode({ behaviour: 'echo' })))
    expect(await terminal.exchange('\x03\x01hello', 'hello')).toBe('\x03\x01hello')
  })

  it('make noise without being asked', async () => {
    const terminal = await open(keep(await startPtyNode({ behaviour: 'noise' })))
    await terminal.wait(() => terminal.received.length > 1000, 'there was no noise')
  })

  it('take everything and say nothing', async () => {
    const node = keep(await startPtyNode({ behaviour: 'silent' }))
    const terminal = await open(node)
    await terminal.type('\x03\x01')
    await terminal.wait(() => node.received.length === 2, 'nothing was received')
    expect(terminal.received).toBe('')
  })

  it('answer from a script', async () => {
    const answer = (piece: Buffer): string | undefined => (piece.includes('name?') ? 'not a board\r\n' : undefined)
    const terminal = await open(keep(await startPtyNode({ behaviour: 'script', answer })))
    expect(await terminal.exchange('name?\r', '\n')).toBe('not a board\r\n')
  })

  it('can be given to another user', async () => {
    const own = process.getuid?.() ?? 0
    // Only root can give anything away; everybody else may give it to himself.
    const ownerUserId = own === 0 ? 65_534 : own
    const node = keep(await startPtyNode({ behaviour: 'silent', ownerUserId }))
    expect(statSync(node.path).uid).toBe(ownerUserId)
  })
})
