import { DEFAULT_SETTINGS } from '../../../electron/core/config/default-settings'
import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import { MusterError } from '../../../shared/errors'
import type { Notice, PoolTicket } from '../../../shared/model'
import { type CountingClient, SOME_BOARD } from '../../fakes/fake-protocol'
import type { FakeTransport } from '../../fakes/fake-transport'
import { SessionBench } from './session-bench'
import type { Step } from './session-model-steps'

/** Devices with a serial number of their own, and one more port than devices, so that one can come back elsewhere. */
export const DEVICES = ['usb:2e8a:0005:A', 'usb:2e8a:0005:B', 'usb:2e8a:0005:C'] as const
export const PORTS = ['/dev/ttyACM0', '/dev/ttyACM1', '/dev/ttyACM2', '/dev/ttyACM3'] as const
const GROUP_SOURCE = 'group'
export const LIMIT = 3
export const SHUTDOWN_MS = 2_000
const HEEDED = [null, 'interrupt', 'ask', 'end'] as const

interface Call {
  readonly what: string
  isPending: boolean
}

/** A session manager with its ports and boards, and all that it was asked for and has given. */
export class World {
  readonly bench = new SessionBench({
    limit: LIMIT,
    settings: {
      session: {
        ...DEFAULT_SETTINGS.session,
        connectionTimeoutMs: 2_000,
        operationTimeoutMs: 3_000,
        shutdownTimeoutMs: SHUTDOWN_MS,
        idleTimeoutMs: 20_000,
        reconnectDelayMs: 500,
        healthCheckIntervalMs: 7_000,
        heartbeatIntervalMs: 3_000,
        heartbeatGraceMs: 9_000,
        writeTimeoutMs: 2_500,
        maxPendingOperations: 3,
        bothIdleMs: 4_000,
        readerIdleMs: 5_000,
      },
      lease: { sweepIntervalMs: 2_000 },
      pool: { enabled: true, acquireTimeoutMs: 6_000 },
    },
  })
  readonly notices: Notice[] = []
  /** Every promise that it gave. */
  readonly calls: Call[] = []
  readonly tickets: PoolTicket[] = []
  /** Tokens that were released. */
  readonly givenBack = new Set<string>()
  readonly readers: AsyncIterableIterator<unknown>[] = []
  /** The step that is done now says what ports and boards answer; null: what is usual. */
  answers: Step | null = null

  constructor() {
    const { bench } = this
    for (const [index, device] of DEVICES.entries()) this.put(device, PORTS[index] ?? PORTS[0])
    bench.transports.prepare = made => this.prepareTransport(made)
    bench.protocols.prepare = made => this.prepareProtocol(made)
    for (const dataSource of [...DEVICES, GROUP_SOURCE]) {
      for (const kind of ['start', 'stop'] as const)
        bench.manager.notifications.subscribe(kind, dataSource, notice => this.notices.push(notice))
    }
  }

  /** Asks for something; how it ends is looked at by the checks. */
  watch(what: string, begin: () => Promise<unknown>): void {
    const call = { what, isPending: true }
    this.calls.push(call)
    const ended = (): void => {
      call.isPending = false
    }
    // A call that throws at once is a rejection too.
    new Promise(resolve => resolve(begin())).then(ended, error => {
      ended()
      if (!(error instanceof MusterError)) throw error
    })
  }

  /** Where a device is from now on; null: nowhere. */
  put(device: string, path: string | null): void {
    const { ports, devices } = this.bench
    for (const [known, port] of ports) if (port.deviceKey === device) ports.delete(known)
    if (path !== null) {
      ports.set(path, {
        path,
        backend: 'serial',
        source: 'listed',
        present: true,
        deviceKey: device,
        label: device,
        boardHint: null,
        usb: null,
        settings: { lines: 'raise', baudRate: null },
      })
    }
    devices.put(device, path)
  }

  private prepareTransport(made: FakeTransport): void {
    const answers = this.answers
    const isThere = this.bench.ports.has(made.port)
    made.openAnswer = !isThere || answers?.openAnswer === 'fail' ? new Error('no') : (answers?.openAnswer ?? 'open')
    made.closeAnswer = answers?.closeAnswer === 'fail' ? new Error('no') : (answers?.closeAnswer ?? 'close')
    made.releasesItself = answers?.releasesItself ?? true
  }

  private prepareProtocol(made: CountingClient): void {
    const answers = this.answers
    made.enterAnswer = answers?.enterAnswer === 'fail' ? new Error('no') : (answers?.enterAnswer ?? 'prompt')
    made.interruptAnswer = answers?.interruptAnswer ?? 'prompt'
    made.heeds = HEEDED[(answers?.how ?? 1) % HEEDED.length] ?? null
    made.resetAnswer = answers?.resetAnswer === 'fail' ? new ProtocolError('no-reply', 'No.') : (answers?.resetAnswer ?? 'done')
    made.departure = departureOf(answers?.departure ?? 'silent')
    const device = this.bench.ports.get(made.transport.port)?.deviceKey ?? 'none'
    made.board = { ...SOME_BOARD, uniqueId: Buffer.from(device).toString('hex') }
    made.answer = code => {
      if (code.includes('_muster_reset')) return {}
      if (code.startsWith('print(')) return null
      if (answers?.probeAnswer === 'hang') return null
      return { outcome: answers?.probeAnswer === 'fail' ? 'exception' : 'ok' }
    }
  }

  get openIds(): readonly string[] {
    const { manager } = this.bench
    return manager.state === 'Disposed' ? [] : manager.list({ includeClosed: false }).map(({ sessionId }) => sessionId)
  }

  transportOf(sessionId: string): FakeTransport | undefined {
    const session = this.bench.manager.tryGetSession(sessionId)
    return session === null
      ? undefined
      : this.bench.transports.made.filter(({ port, isOpen }) => isOpen && port === session.snapshot.port).at(-1)
  }
}

function departureOf(became: Step['departure']): CountingClient['departure'] {
  return became === 'answered' ? { became, exception: "ImportError: no module named 'machine'" } : became === 'hang' ? 'hang' : { became }
}
