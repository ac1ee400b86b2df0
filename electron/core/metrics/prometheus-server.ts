import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { Socket } from 'node:net'
import { PROMETHEUS_CONNECTIONS_MAX, PROMETHEUS_REQUEST_TIMEOUT_MS } from '../../../shared/limits'
import type { Disposable } from '../base/disposable'
import type { Logger } from '../base/logger'
import type { SettingsSource } from '../config/settings'

export interface PrometheusServerOptions {
  readonly settings: SettingsSource
  readonly logger: Logger
  text(): Promise<{ readonly contentType: string; readonly text: string }>
}

/** Never another: what sessions do is nobody's business outside of this computer. */
const ADDRESS = '127.0.0.1'
const PATH = '/metrics'
/** A page of another origin that has its own name resolve to this computer still sends that name. */
const LOOPBACK_HOST = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d+)?$/i

/**
 * Serves the metrics as text at `/metrics` while the configuration says so, and follows it while running. A port that
 * can't be had is logged and leaves `endpoint` null; nothing else suffers.
 */
export class PrometheusServer {
  private readonly following: Disposable
  private running: { readonly server: Server; readonly sockets: Set<Socket> } | null = null
  private address: string | null = null
  /** What was tried last, also when it failed: the same is not tried again at every change of other settings. */
  private triedPort: number | null = null
  private work: Promise<void> = Promise.resolve()
  private isDisposed = false

  constructor(private readonly options: PrometheusServerOptions) {
    this.following = options.settings.onChanged(() => this.follow())
    this.follow()
  }

  /** Where the metrics are served; null while they are not. */
  get endpoint(): string | null {
    return this.address
  }

  /** Resolves when the latest settings have been carried out, or could not be. Never rejects. */
  settled(): Promise<void> {
    return this.work
  }

  /** Ends every connection. Never rejects. */
  dispose(): Promise<void> {
    this.isDisposed = true
    this.following.dispose()
    this.follow()
    return this.work
  }

  private follow(): void {
    this.work = this.work.then(async () => {
      const { enabled, port } = this.options.settings.current.prometheus
      const wanted = enabled && !this.isDisposed ? port : null
      if (wanted === this.triedPort) return
      this.triedPort = wanted
      await this.stop()
      if (wanted !== null) await this.start(wanted)
    })
  }

  private start(port: number): Promise<void> {
    const { logger } = this.options
    const server = createServer({ maxHeaderSize: 8_192 }, (request, response) => void this.answer(request, response))
    server.maxConnections = PROMETHEUS_CONNECTIONS_MAX
    server.headersTimeout = PROMETHEUS_REQUEST_TIMEOUT_MS
    server.requestTimeout = PROMETHEUS_REQUEST_TIMEOUT_MS
    const sockets = new Set<Socket>()
    server.on('connection', socket => {
      sockets.add(socket)
      socket.on('close', () => sockets.delete(socket))
    })
    return new Promise(resolve => {
      server.on('error', (error: NodeJS.ErrnoException) => {
        logger.warn(`The metrics can't be served on port ${port}: ${explain(error)}`, { error })
        resolve()
      })
      server.listen({ host: ADDRESS, port, exclusive: true }, () => {
        this.running = { server, sockets }
        this.address = `http://${ADDRESS}:${port}${PATH}`
        logger.info(`The metrics are served at ${this.address}`)
        resolve()
      })
    })
  }

  private async stop(): Promise<void> {
    const { running } = this
    if (running === null) return
    this.running = null
    this.address = null
    const closed = new Promise(resolve => running.server.close(resolve))
    // A scraper keeps its connection open between two scrapes; the server would wait for it.
    for (const socket of running.sockets) socket.destroy()
    await closed
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (!LOOPBACK_HOST.test(request.headers.host ?? '')) return refuse(response, 403, 'The metrics are for this computer only.')
    if (request.url?.split('?')[0] !== PATH) return refuse(response, 404, `The metrics are at ${PATH}.`)
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.setHeader('Allow', 'GET, HEAD')
      return refuse(response, 405, 'The metrics can only be read.')
    }
    try {
      const { contentType, text } = await this.options.text()
      send(response, 200, contentType, text)
    } catch (error) {
      this.options.logger.error('The metrics could not be collected', { error })
      refuse(response, 500, 'The metrics could not be collected.')
    }
  }
}

function refuse(response: ServerResponse, status: number, sentence: string): void {
  // What may follow in the request, such as a body, is not read.
  response.setHeader('Connection', 'close')
  send(response, status, 'text/plain; charset=utf-8', `${sentence}\n`)
}

function send(response: ServerResponse, status: number, contentType: string, text: string): void {
  response.writeHead(status, {
    'Content-Type': contentType,
    'Content-Length': Buffer.byteLength(text),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
  })
  response.end(text)
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  return code === 'EADDRINUSE' ? 'another program uses it. Choose another one in metrics.prometheus.port.' : `${message}.`
}
