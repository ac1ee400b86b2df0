import { ProtocolError } from '../../../electron/core/micropython/board-protocol'
import type { OpenInput } from '../../../shared/contract'
import { MusterError } from '../../../shared/errors'
import { OWN_RESET_QUIET_MS } from '../../../shared/limits'
import type { FilterSpec } from '../../../shared/model'
import { settle } from '../../fakes/fake-clock'
import type { Step } from './session-model-steps'
import { DEVICES, LIMIT, PORTS, type World } from './session-model-world'

const KINDS = ['soft', 'restart', 'hard', 'bootloader'] as const
const RESTART = 'MPY: soft reboot\r\n'
const FILTERS: readonly FilterSpec[] = [
  { name: 'logging', type: 'logging' },
  { name: 'stats', type: 'stats' },
  { name: 'slow', type: 'rateLimit', settings: { bytesPerSecond: 1_000, burst: 10 } },
  { name: 'lines', type: 'textCodec' },
]

/** Does steps to a world. What earlier ones have left to end (signals, tasks) later ones may end. */
export class Deeds {
  private readonly waits: AbortController[] = []
  private readonly aborts: AbortController[] = []
  private readonly tasks: { readonly finish: () => void; readonly fail: (error: Error) => void }[] = []

  constructor(private readonly world: World) {}

  /** A session of its own and one of the pool to begin with: most of what can happen needs one. */
  async begin(): Promise<void> {
    this.open({ deviceKey: DEVICES[0] })
    this.acquire({ deviceKey: DEVICES[1] }, 1_000)
    await settle()
  }

  async do(step: Step): Promise<void> {
    this.world.answers = step
    await this.deed(step)
    // Half of the steps follow each other without a pause.
    if (step.which % 2 === 0) await settle()
  }

  private async deed({ does, which, how, writeAnswer }: Step): Promise<void> {
    const { bench } = this.world
    const { manager, clock } = bench
    const sessionId = this.sessionId(which)
    const device = DEVICES[which % DEVICES.length] ?? DEVICES[0]
    const transport = this.world.transportOf(sessionId)
    const protocol = bench.protocols.made.find(made => made.transport.port === transport?.port && made.isRunning)
    switch (does) {
      case 'open':
        this.open(how < 3 ? { deviceKey: device } : { port: PORTS[which] ?? PORTS[0] })
        break
      case 'open group':
        this.world.watch('open group', () => manager.open({ backend: 'none', clientSessionName: 'group' }))
        break
      case 'execute':
        this.execute(sessionId, how)
        break
      case 'run':
        this.execute(sessionId, how)
        await settle()
        bench.protocols.made.find(made => made.isRunning)?.finish()
        break
      case 'task':
        this.task(sessionId, which)
        break
      case 'finish task':
        this.tasks.shift()?.finish()
        break
      case 'fail task':
        this.tasks.shift()?.fail(how < 3 ? new MusterError({ code: 'FileFailed', message: 'No.' }) : new ProtocolError('timeout', 'No.'))
        break
      case 'reset':
        this.world.watch('reset', () => manager.reset(sessionId, KINDS[how % KINDS.length] ?? 'soft'))
        break
      case 'watch':
        this.world.watch('watch', () => manager.watch(sessionId))
        break
      case 'take over':
        this.world.watch('take over', () => manager.takeOver(sessionId))
        break
      case 'hold':
        this.world.watch('cancel', () => manager.cancel(sessionId))
        this.world.watch('hold', async () => manager.stepInterrupt(sessionId, 'hold'))
        break
      case 'climb':
        this.world.watch('cancel', () => manager.cancel(sessionId))
        for (let steps = 0; steps < how; steps++) this.world.watch('climb', async () => manager.stepInterrupt(sessionId, 'next'))
        break
      case 'restart':
        if (how < 3) await clock.advance(OWN_RESET_QUIET_MS)
        bench.protocols.made.find(made => made.transport.isOpen && made.transport.port === transport?.port)?.print(RESTART, 'outside')
        break
      case 'finish':
        protocol?.finish(which % 2 === 0 ? {} : { outcome: 'exception' })
        break
      case 'print':
        protocol?.print('hello\n')
        break
      case 'receive':
        transport?.deliver(Uint8Array.of(104, 105, 10))
        break
      case 'cancel':
        this.world.watch('cancel', () => manager.cancel(sessionId))
        break
      case 'cancel waiting':
        this.world.watch('cancel', () => manager.cancel(sessionId, `${sessionId}:${which}`))
        break
      case 'abort':
        this.aborts.shift()?.abort()
        break
      case 'write':
        if (transport !== undefined) transport.writeAnswer = writeAnswer === 'fail' ? new Error('no') : writeAnswer
        this.world.watch('write', () => manager.write(sessionId, how % 2 === 0 ? 'text\n' : Uint8Array.of(1, 2, 3)))
        break
      case 'glitch':
        transport?.unplug()
        break
      case 'unplug':
        this.unplug(device, how % 2 === 0)
        break
      case 'replug':
        this.replug(device, PORTS[DEVICES.indexOf(device)] ?? PORTS[0])
        break
      case 'replug elsewhere':
        this.replug(device, PORTS[which] ?? PORTS[0])
        break
      case 'impostor':
        this.putImpostor(device)
        break
      case 'reconnect':
        this.world.watch('reconnect', () => manager.reconnect(sessionId))
        break
      case 'close':
        this.world.watch('close', () => manager.close(sessionId, { mode: 'flush', cascade: how === 0 }))
        break
      case 'close now':
        this.world.watch('close', () => manager.close(sessionId, { mode: 'now' }))
        break
      case 'close all':
        if (how === 0) this.world.watch('close all', () => manager.closeAllOf('window-1'))
        break
      case 'kill':
        this.world.watch('kill', () => manager.kill(sessionId))
        break
      case 'kill lost':
        this.world.watch('kill', async () => manager.kill(this.lostId ?? sessionId))
        break
      case 'close lost':
        this.world.watch('close', async () => manager.close(this.lostId ?? sessionId, { mode: how % 2 === 0 ? 'flush' : 'now' }))
        break
      case 'wait':
        await clock.advance(50)
        break
      case 'wait long':
        await clock.advance(1_100)
        break
      case 'time out':
        await clock.advance(how === 0 ? 25_000 : 5_000)
        break
      case 'lease':
        this.world.watch('lease', async () => manager.extendLease(sessionId, clock.now() + 500 * how))
        break
      case 'extend lease':
        this.world.watch('lease', async () => manager.extendLease(sessionId, clock.now() + 60_000))
        break
      case 'no lease':
        this.world.watch('lease', async () => manager.extendLease(sessionId, null))
        break
      case 'acquire':
        this.acquire(how < 4 ? { deviceKey: device } : { port: PORTS[which] ?? PORTS[0] }, how === 5 ? 0 : 1_500)
        break
      case 'stop waiting':
        this.waits.shift()?.abort()
        break
      case 'release':
        this.release(which)
        break
      case 'associate':
        this.world.watch('associate', async () => manager.associate(sessionId, [this.sessionId(how)]))
        break
      case 'details':
        this.world.watch('details', async () => manager.updateDetails(sessionId, { lap: how === 0 ? null : String(how) }))
        break
      case 'attribute':
        this.world.watch('attribute', async () => manager.attributes(sessionId).set('lap', how))
        break
      case 'add filter':
        this.world.watch('add filter', async () =>
          manager
            .filters(sessionId)
            .add(FILTERS[how % FILTERS.length] ?? { name: 'x', type: 'stats' }, { at: which < 2 ? 'first' : 'last' }),
        )
        break
      case 'remove filter':
        this.world.watch('remove filter', async () => manager.filters(sessionId).remove(FILTERS[how % FILTERS.length]?.name ?? ''))
        break
      case 'clear filters':
        this.world.watch('clear filters', async () => manager.filters(sessionId).clear())
        break
      case 'configure':
        this.world.watch('configure', async () =>
          manager.configure(sessionId, how < 3 ? { autoReconnect: how % 2 === 0 } : { idleTimeoutMs: how === 5 ? null : 2_000 }),
        )
        break
      case 'suspend':
        manager.suspend()
        break
      case 'resume':
        manager.resume()
        break
      case 'change settings':
        if (how < 2) bench.settings.change({ pool: { ...bench.settings.current.pool, enabled: how === 0 } })
        else bench.settings.change({ maxConcurrentSessions: Math.min(LIMIT, how) })
        break
      case 'sample':
        this.world.watch('sample', async () => manager.samplers.start(sessionId, { code: 'print(2)', intervalMs: 900, timeoutMs: 700 }))
        break
      case 'stop sampling':
        manager.samplers.stop(sessionId)
        break
      case 'read':
        this.world.watch('read', async () => this.world.readers.push(manager.readEvents(sessionId)))
        break
      case 'stop reading':
        await this.world.readers.shift()?.return?.()
        break
      case 'shut down':
        this.world.watch('shut down', () => manager.shutdown())
        break
    }
  }

  private open(input: OpenInput): void {
    this.world.watch('open', () =>
      this.world.bench.manager.open(
        {
          ...input,
          options: {
            ...(this.world.answers?.how === 2 && { leaseDurationMs: 5_000 }),
            ...(this.world.answers?.how === 1 && { attach: 'watch' as const }),
          },
        },
        'window-1',
      ),
    )
  }

  private execute(sessionId: string, how: number): void {
    const abort = new AbortController()
    this.aborts.push(abort)
    this.world.watch('execute', () =>
      this.world.bench.manager.execute(sessionId, 'print(1)', { timeoutMs: how === 0 ? 500 : 3_000, signal: abort.signal }),
    )
  }

  private task(sessionId: string, which: number): void {
    const abort = new AbortController()
    this.aborts.push(abort)
    this.world.watch('task', () =>
      this.world.bench.manager.runTask(
        sessionId,
        'A task',
        async (board, signal) => {
          if (which === 0) await board.ask('print(3)', { timeoutMs: 1_000 })
          await new Promise<void>((resolve, reject) => {
            this.tasks.push({ finish: resolve, fail: reject })
            // Some do not heed that they were called off.
            if (which !== 1) signal.addEventListener('abort', () => reject(signal.reason), { once: true })
          })
        },
        { signal: abort.signal },
      ),
    )
  }

  private acquire(target: { readonly port?: string; readonly deviceKey?: string }, timeoutMs: number): void {
    const wait = new AbortController()
    this.waits.push(wait)
    this.world.watch('acquire', async () => {
      const ticket = await this.world.bench.manager.acquire({ ...target, timeoutMs }, 'window-1', wait.signal)
      this.world.tickets.push(ticket)
    })
  }

  private release(which: number): void {
    // The latest most of the time; another one may have been given back before.
    const ticket = which === 0 ? this.world.tickets[0] : this.world.tickets.at(-1)
    if (ticket === undefined) return
    this.world.givenBack.add(ticket.token)
    this.world.watch('release', () => this.world.bench.manager.release(ticket.token))
  }

  /** The board goes, and what is open on it hears of it; or nothing hears, and only the list knows. */
  private unplug(device: string, isHeard: boolean): void {
    const path = this.world.bench.devices.locate(device)
    if (path === null) return
    this.world.put(device, null)
    if (isHeard) for (const transport of this.world.bench.transports.made) if (transport.port === path) transport.unplug()
  }

  private replug(device: string, path: string): void {
    if (this.world.bench.devices.locate(device) !== null || this.world.bench.ports.has(path)) return
    this.world.put(device, path)
  }

  /** Another device in the place of one that is away. */
  private putImpostor(device: string): void {
    const path = PORTS[DEVICES.indexOf(device as (typeof DEVICES)[number])] ?? PORTS[0]
    if (this.world.bench.devices.locate(device) !== null || this.world.bench.ports.has(path)) return
    this.world.put(`${device}-other`, path)
  }

  /** One that is on its way back, else one that has lost its board. */
  private get lostId(): string | undefined {
    const open = this.world.openIds.map(sessionId => this.world.bench.manager.info(sessionId).snapshot)
    return (
      open.find(({ state, reconnect }) => state === 'Connecting' && reconnect !== null) ?? open.find(({ state }) => state === 'Error')
    )?.sessionId
  }

  private sessionId(which: number): string {
    const created = this.world.bench.events.filter(event => event.type === 'created')
    return created[created.length - 1 - (which % Math.max(1, created.length))]?.sessionId ?? 'session-none'
  }
}
