import type { OpenInput } from '../../../../shared/contract'
import type { PortInfo, SessionSnapshot } from '../../../../shared/model'
import { scopedLogger } from '../../base/logger'
import type { Settings } from '../../config/settings'
import type { TransportFactory } from '../../transport/transport'
import type { SessionPool } from '../pool/pool'
import type { Acquired } from '../pool/pool-waiter'
import { mustBeIdentified, withHeld, withIdentified } from '../requests/port-lookup'
import { type OpenRequest, readOpenRequest } from '../requests/requests'
import { Session } from '../session'
import type { SessionHost } from '../session-needs'
import { isClosedState } from '../session-states'
import { HabitsByDevice } from './habits-by-device'
import { checkAssociates, type Family } from './hierarchy'
import type { Admission } from './manager-admission'
import type { SessionManagerOptions } from './manager-options'

/** What is wanted of the pool: a session of this device, or on this port. */
export interface AcquireInput {
  readonly port?: string
  readonly deviceKey?: string
  /** Default: as configured. 0: now or not at all. */
  readonly timeoutMs?: number
}

interface OpenerNeeds {
  readonly options: SessionManagerOptions
  readonly settings: () => Settings
  readonly admission: Admission<Session>
  readonly family: Family
  readonly pool: SessionPool<Session>
  /** The port of the session that has this device; null when none has. */
  readonly portOf: (deviceKey: string) => string | null
  /** What its sessions are given for a manager. */
  readonly host: SessionHost
  /** Throws while no session may be opened. */
  readonly refuse: () => void
  /** A session has its place; nobody has heard of it yet. */
  readonly onAdmitted: () => void
  /** A session is its user's from here on. */
  readonly onHandedOver: (snapshot: SessionSnapshot) => void
}

interface OpenPlan {
  readonly transports: TransportFactory
  /** Called before anyone hears of the session. */
  readonly prepare?: (session: Session) => void
}

/** How a session comes about: what is asked for is read and checked, what stands in its way goes, and it is admitted without a pause. */
export class SessionOpener {
  private readonly habits = new HabitsByDevice()

  constructor(private readonly needs: OpenerNeeds) {}

  /** A warm session gives way where its device or its place is wanted. */
  async open(input: OpenInput, client: string, transports: TransportFactory): Promise<SessionSnapshot> {
    const { admission, options, pool, refuse, settings } = this.needs
    refuse()
    const { ports: known } = options
    const ports = mustBeIdentified(known, input.port) ? await withIdentified(known, input.port) : known
    const request = readOpenRequest(input, { settings: settings(), ports, client })
    for (let victim = pool.victimFor(request); victim !== null; victim = pool.victimFor(request)) {
      // Nobody is to lose a place for an open that is refused anyway.
      if (victim.snapshot.deviceKey !== request.deviceKey) admission.refuseTaken(request)
      await pool.evict(victim.sessionId)
    }
    // No pause from here to `begin`: two opens at once must not both find the last free place, or the port free.
    refuse()
    const { session, ready } = this.begin(request, { transports })
    await ready
    return session.snapshot
  }

  /** From the pool: a session that is warm, or one that the pool opens when there is a place for it. */
  async acquire(input: AcquireInput, client: string, signal: AbortSignal | undefined): Promise<Acquired<Session>> {
    const { options, pool, portOf, refuse, settings } = this.needs
    refuse()
    const { ports: known } = options
    const ports = mustBeIdentified(known, input.port) ? await withIdentified(known, input.port) : known
    const lookup = withHeld(ports, portOf)
    const { timeoutMs = settings().pool.acquireTimeoutMs, ...target } = input
    const read = (): OpenRequest => readOpenRequest(target, { settings: settings(), ports: lookup, client: 'pool' })
    refuse()
    return await pool.acquire({ request: read(), reread: read, client, timeoutMs, signal })
  }

  /** Capacity, port, id and registry in one go; what follows takes its time. */
  begin(asked: OpenRequest, { transports, prepare }: OpenPlan): { readonly session: Session; readonly ready: Promise<void> } {
    const { admission, family, host, onAdmitted, options, settings } = this.needs
    const associateSessionKeys = checkAssociates(null, asked.metadata.associateSessionKeys, family)
    const request = { ...asked, metadata: Object.freeze({ ...asked.metadata, associateSessionKeys }) }
    const { clock, metrics, createProtocol, attributeStores, devices, ports } = options
    const session = admission.admit(request, (sessionId, reservation) => {
      const habits = this.habits.of(request.deviceKey)
      const findPort = (path: string): PortInfo | undefined => ports.find(path)
      // The process too: several runs of the app write to the same file.
      const logger = scopedLogger(options.logger, `fleet-${process.pid}-${sessionId}`)
      const shared = { clock, logger, settings, metrics, createProtocol, attributeStores, devices, findPort }
      return new Session(sessionId, request, { ...shared, transports, habits, reservation, host })
    })
    onAdmitted()
    prepare?.(session)
    host.publish([{ type: 'created', snapshot: session.snapshot }])
    return { session, ready: this.finish(session) }
  }

  private async finish(session: Session): Promise<void> {
    const snapshot = await session.open()
    if (!isClosedState(session.state)) this.needs.onHandedOver(snapshot)
  }
}
