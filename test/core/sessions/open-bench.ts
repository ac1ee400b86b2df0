import type { Session } from '../../../electron/core/sessions/session'
import type { SessionIoEvent } from '../../../electron/core/sessions/session-io'
import type { OpenInput } from '../../../shared/contract'
import type { OutputItem, SessionOptions, SessionSnapshot } from '../../../shared/model'
import { settle } from '../../fakes/fake-clock'
import type { CountingClient } from '../../fakes/fake-protocol'
import type { FakeTransport } from '../../fakes/fake-transport'
import { SessionBench } from './session-bench'

export const PORT = '/dev/ttyACM0'
export const USB_KEY = 'usb:2e8a:0005:e66118604b2f'

/** A bench with one open session. */
export class OpenBench extends SessionBench {
  sessionId = ''

  static async create(
    options: ConstructorParameters<typeof SessionBench>[0] = {},
    input: Omit<OpenInput, 'port'> = {},
  ): Promise<OpenBench> {
    const bench = new OpenBench(options)
    await bench.start(input)
    return bench
  }

  /** With these options. `prepare` comes before the open. */
  static async with(options: Partial<SessionOptions>, prepare: (bench: OpenBench) => void = () => {}): Promise<OpenBench> {
    const bench = new OpenBench()
    prepare(bench)
    await bench.start({ options })
    return bench
  }

  /** On a board with a serial number, which `unplug` takes away and `plug` brings back. */
  static onUsb(options: Partial<SessionOptions> = {}, prepare: (bench: OpenBench) => void = () => {}): Promise<OpenBench> {
    return OpenBench.with(options, bench => {
      bench.listPico()
      prepare(bench)
    })
  }

  get board(): CountingClient {
    return this.protocols.latest
  }

  get transport(): FakeTransport {
    return this.transports.latest
  }

  get info(): SessionSnapshot {
    return this.manager.info(this.sessionId).snapshot
  }

  get outputItems(): readonly OutputItem[] {
    return this.manager.output(this.sessionId).read(0, 10_000_000).items
  }

  run(code = 'print(1)', timeoutMs?: number) {
    return this.manager.execute(this.sessionId, code, timeoutMs === undefined ? {} : { timeoutMs })
  }

  /** The latest changes of the story, without the phases of an attempt. */
  latest(count: number): readonly string[] {
    return this.story(this.sessionId)
      .filter(line => !line.startsWith('phase'))
      .slice(-count)
  }

  /** The board leaves its port, and the list knows. */
  unplug(deviceKey = USB_KEY): void {
    this.transport.unplug()
    this.devices.put(deviceKey, null)
  }

  async plug(port = PORT, deviceKey = USB_KEY): Promise<void> {
    this.devices.put(deviceKey, port)
    await settle()
  }

  private listPico(): void {
    this.ports.set(PORT, {
      path: PORT,
      backend: 'serial',
      source: 'listed',
      present: true,
      deviceKey: USB_KEY,
      label: 'Pico',
      boardHint: null,
      usb: null,
      settings: { lines: 'raise', baudRate: null },
    })
    this.devices.put(USB_KEY, PORT)
  }

  private async start(input: Omit<OpenInput, 'port'>): Promise<void> {
    this.sessionId = (await this.open(PORT, input)).sessionId
  }
}

/** What a reader gets until nothing more comes. */
export async function readAll(events: ReturnType<Session['readEvents']>): Promise<readonly SessionIoEvent[]> {
  const read: SessionIoEvent[] = []
  for await (const event of events) read.push(event)
  return read
}
