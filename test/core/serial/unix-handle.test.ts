import { EventEmitter } from 'node:events'
import * as fs from 'node:fs'
import type { LinuxPortBinding } from '@serialport/bindings-cpp'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { UnixHandle } from '../../../electron/core/transport/serial/unix-handle'

vi.mock('node:fs', async importOriginal => ({ ...(await importOriginal<typeof fs>()), readSync: vi.fn(), writeSync: vi.fn() }))

const READABLE = 1
const WRITABLE = 2
const systemRead = vi.mocked(fs.readSync)
const systemWrite = vi.mocked(fs.writeSync)

/** A port that is nothing but a number and what is asked of its poller. */
class FakePort {
  readonly fd = 99
  watched = 0
  isClosed = false
  readonly poller = Object.assign(new EventEmitter(), {
    poll: (flags: number): void => {
      this.watched = flags
    },
  })

  async set(): Promise<void> {}

  async flush(): Promise<void> {}

  async close(): Promise<void> {
    this.isClosed = true
  }
}

/** Whatever was set off has run. */
const turn = (): Promise<void> => new Promise(resolve => setImmediate(resolve))
const failing = (code: string) => (): never => {
  throw Object.assign(new Error(code), { code })
}

describe('a port that is read and written in place', () => {
  let port: FakePort
  let handle: UnixHandle
  beforeEach(() => {
    vi.resetAllMocks()
    port = new FakePort()
    handle = new UnixHandle(port as unknown as LinuxPortBinding)
  })

  it.each([
    ['says that it is full', failing('EAGAIN')],
    ['is interrupted by a signal', failing('EINTR')],
    ['takes nothing, and does not say why', () => 0],
  ])('is waited for where it %s, and nobody else is held up', async (_, answer) => {
    systemWrite.mockImplementation(answer)
    const writing = handle.write(Uint8Array.of(1, 2, 3))
    for (let times = 1; times <= 3; times++) {
      await turn()
      expect(systemWrite).toHaveBeenCalledTimes(times)
      expect(port.watched).toBe(WRITABLE)
      if (times === 3) systemWrite.mockImplementation(() => 2)
      port.poller.emit('writable', null)
    }
    expect(await writing).toBe(2)
    expect(port.watched).toBe(0)
  })

  it.each([
    ['has nothing after all', failing('EAGAIN')],
    ['is interrupted by a signal', failing('EINTR')],
  ])('is read again when it %s', async (_, answer) => {
    systemRead.mockImplementationOnce(answer).mockImplementationOnce(() => 5)
    const reading = handle.read(Buffer.alloc(8))
    for (let times = 0; times < 2; times++) {
      expect(port.watched).toBe(READABLE)
      port.poller.emit('readable', null)
      await turn()
      await turn()
    }
    expect(await reading).toBe(5)
  })

  it('is watched for both as long as both are waited for', async () => {
    systemWrite.mockImplementationOnce(failing('EAGAIN')).mockImplementationOnce(() => 1)
    systemRead.mockImplementation(() => 4)
    const reading = handle.read(Buffer.alloc(8))
    const writing = handle.write(Uint8Array.of(1))
    await turn()
    expect(port.watched).toBe(READABLE | WRITABLE)
    port.poller.emit('writable', null)
    expect(await writing).toBe(1)
    expect(port.watched).toBe(READABLE)
    port.poller.emit('readable', null)
    expect(await reading).toBe(4)
  })

  it('says that it was hung up, and rejects with all other errors', async () => {
    systemRead.mockImplementationOnce(() => 0).mockImplementationOnce(failing('EIO'))
    for (const end of ['hung up', 'lost']) {
      const reading = handle.read(Buffer.alloc(8))
      port.poller.emit('readable', null)
      if (end === 'hung up') expect(await reading).toBe(0)
      else await expect(reading).rejects.toThrow('EIO')
    }
    systemWrite.mockImplementationOnce(failing('EIO'))
    await expect(handle.write(Uint8Array.of(1))).rejects.toThrow('EIO')
    const reading = handle.read(Buffer.alloc(8))
    port.poller.emit('readable', new Error('bad file descriptor'))
    await expect(reading).rejects.toThrow('bad file descriptor')
  })

  it('has its number used no more from the moment of its close: the next file that is opened gets it', async () => {
    systemWrite.mockImplementation(failing('EAGAIN'))
    const reading = handle.read(Buffer.alloc(8))
    const writing = handle.write(Uint8Array.of(1))
    await turn()
    systemWrite.mockReset()
    // Both have become possible, and nobody has heard of it yet.
    port.poller.emit('readable', null)
    port.poller.emit('writable', null)
    const closing = handle.close({ discard: true, lowerLines: true })
    const ends = await Promise.allSettled([reading, writing, handle.read(Buffer.alloc(8)), handle.write(Uint8Array.of(2))])
    expect(ends.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected', 'rejected'])
    await closing
    port.poller.emit('readable', null)
    port.poller.emit('writable', null)
    await turn()
    expect(port.isClosed).toBe(true)
    expect(port.watched).toBe(0)
    expect(systemRead).not.toHaveBeenCalled()
    expect(systemWrite).not.toHaveBeenCalled()
  })
})
