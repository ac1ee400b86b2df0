import type { SessionMetrics } from '../../electron/core/metrics/session-metrics'

/** Every call, as text: the name and what it was told. */
export class RecordingMetrics implements SessionMetrics {
  readonly calls: string[] = []

  /** The calls of these names. */
  of(...names: (keyof SessionMetrics)[]): readonly string[] {
    return this.calls.filter(call => names.some(name => call === name || call.startsWith(`${name} `)))
  }

  sessionOpened(): void {
    this.note('sessionOpened')
  }
  sessionClosed(...told: Parameters<SessionMetrics['sessionClosed']>): void {
    this.note('sessionClosed', ...told)
  }
  fault(...told: Parameters<SessionMetrics['fault']>): void {
    this.note('fault', ...told)
  }
  transportKilled(...told: Parameters<SessionMetrics['transportKilled']>): void {
    this.note('transportKilled', ...told)
  }
  operation(...told: Parameters<SessionMetrics['operation']>): void {
    this.note('operation', ...told)
  }
  bytes(...told: Parameters<SessionMetrics['bytes']>): void {
    this.note('bytes', ...told)
  }
  message(...told: Parameters<SessionMetrics['message']>): void {
    this.note('message', ...told)
  }
  idle(...told: Parameters<SessionMetrics['idle']>): void {
    this.note('idle', ...told)
  }
  reconnect(...told: Parameters<SessionMetrics['reconnect']>): void {
    this.note('reconnect', ...told)
  }
  acquire(...told: Parameters<SessionMetrics['acquire']>): void {
    this.note('acquire', ...told)
  }
  forget(...told: Parameters<SessionMetrics['forget']>): void {
    this.note('forget', ...told)
  }

  private note(name: keyof SessionMetrics, ...told: readonly (string | number | boolean)[]): void {
    this.calls.push([name, ...told].join(' '))
  }
}
