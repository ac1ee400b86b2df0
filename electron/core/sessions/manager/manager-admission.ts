import type { SessionSnapshot, SessionState } from '../../../../shared/model'
import type { OpenRequest } from '../requests/requests'
import { portTaken, sessionIdTaken, sessionLimitExceeded } from './manager-errors'
import type { PortReservation, PortReservations } from './port-reservations'
import type { SessionRegistry } from './registry'

interface AdmittedSession {
  readonly sessionId: string
  readonly state: SessionState
  readonly snapshot: SessionSnapshot
}

export interface AdmissionOptions<S extends AdmittedSession> {
  readonly registry: SessionRegistry<S>
  readonly reservations: PortReservations
  readonly limit: () => number
  readonly newId: () => string
}

/**
 * Who may have a session. `admit` has no pause in it: two opens at once must not both find the last place, or the port
 * free. Group sessions have no board: they take no place and no port.
 */
export class Admission<S extends AdmittedSession> {
  constructor(private readonly options: AdmissionOptions<S>) {}

  get hasRoom(): boolean {
    return this.options.registry.boardCount < this.options.limit()
  }

  /** Whether a session has the device or the port, or the system has not let go of it yet. */
  isTaken({ deviceKey, port, backend }: OpenRequest): boolean {
    return backend !== 'none' && this.options.reservations.find(deviceKey, port) !== undefined
  }

  /** Capacity, port, id, registry. Throws `SessionLimitExceeded` or `OpenFailed`. */
  admit(request: OpenRequest, create: (sessionId: string, reservation: PortReservation | null) => S): S {
    const { registry, reservations, limit, newId } = this.options
    const isGroup = request.backend === 'none'
    if (!isGroup) {
      if (!this.hasRoom) throw sessionLimitExceeded(limit())
      this.refuseTaken(request)
    }
    const sessionId = `session-${newId()}`
    const reservation = isGroup ? null : reservations.reserve(request.deviceKey, request.port, sessionId)
    if (registry.tryGet(sessionId) === undefined) {
      const session = create(sessionId, reservation)
      registry.tryAdd(session, { isGroup })
      return session
    }
    reservation?.release()
    throw sessionIdTaken(request.name)
  }

  /** Throws `OpenFailed` where a session has the device or the port. */
  refuseTaken({ deviceKey, port, name }: OpenRequest): void {
    const { registry, reservations } = this.options
    const holder = reservations.find(deviceKey, port)
    if (holder === undefined) return
    const holderName = registry.tryGet(holder.sessionId)?.snapshot.clientSessionName || holder.sessionId
    throw portTaken(name, { name: holderName, isLeaving: holder.isZombie })
  }
}
