import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { PrometheusServer } from '../../../electron/core/metrics/prometheus-server'
import { FakeSettings } from '../../fakes/fake-settings'
import { freePort } from './free-port'

const ended: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

function startServer(settings: FakeSettings, text = async () => ({ contentType: 'text/plain', text: 'active_sessions 3\n' })) {
  const logged: string[] = []
  const log = (message: string): void => void logged.push(message)
  const server = new PrometheusServer({ settings, logger: { debug: log, info: log, warn: log, error: log }, text })
  ended.push(() => server.dispose())
  return { server, logged }
}

interface Reply {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

function request(port: number, options: http.RequestOptions = {}, body?: string): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = http.request({ host: '127.0.0.1', port, path: '/metrics', agent: false, ...options }, response => {
      const chunks: Buffer[] = []
      response.on('data', chunk => chunks.push(chunk))
      response.on('end', () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(chunks).toString() }),
      )
    })
    sent.on('error', reject)
    sent.end(body)
  })
}

async function serving(): Promise<{ settings: FakeSettings; server: PrometheusServer; port: number; logged: string[] }> {
  const port = await freePort()
  const settings = new FakeSettings({ prometheus: { enabled: true, port } })
  const { server, logged } = startServer(settings)
  await server.settled()
  return { settings, server, port, logged }
}

describe('the metrics on this computer', () => {
  it('S-04 are not served unless asked for', async () => {
    const port = await freePort()
    const settings = new FakeSettings({ prometheus: { enabled: false, port } })
    const { server } = startServer(settings)
    await server.settled()
    expect(server.endpoint).toBeNull()
    await expect(request(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('S-04 are served where the settings say, and follow them', async () => {
    const { settings, server, port } = await serving()
    expect(server.endpoint).toBe(`http://127.0.0.1:${port}/metrics`)
    expect(await request(port)).toMatchObject({ status: 200, body: 'active_sessions 3\n', headers: { 'content-type': 'text/plain' } })

    const other = await freePort()
    settings.change({ prometheus: { enabled: true, port: other } })
    await server.settled()
    expect(server.endpoint).toBe(`http://127.0.0.1:${other}/metrics`)
    await expect(request(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
    expect((await request(other)).status).toBe(200)

    settings.change({ prometheus: { enabled: false, port: other } })
    await server.settled()
    expect(server.endpoint).toBeNull()
    await expect(request(other)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('are at one address only', async () => {
    const { port } = await serving()
    // All of 127.0.0.0/8 is this computer; a server on any address would answer here.
    await expect(request(port, { host: '127.0.0.2' })).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it.each([
    ['/', 404],
    ['/metrics/', 404],
    ['/metrics?name[]=active_sessions', 200],
    ['/METRICS', 404],
    ['http://127.0.0.1/metrics', 404],
    [`/${'x'.repeat(4_000)}`, 404],
  ])('have one path: %s gives %d', async (path, status) => {
    expect((await request((await serving()).port, { path })).status).toBe(status)
  })

  it.each(['POST', 'PUT', 'DELETE', 'OPTIONS'])('can’t be changed by %s', async method => {
    const { port } = await serving()
    expect(await request(port, { method }, method === 'OPTIONS' ? undefined : 'x'.repeat(100_000))).toMatchObject({
      status: 405,
      headers: { allow: 'GET, HEAD' },
    })
    expect(await request(port, { method: 'HEAD' })).toMatchObject({ status: 200, body: '' })
  })

  it('are not for a page whose name only leads here', async () => {
    const { port } = await serving()
    for (const host of ['evil.example', `evil.example:${port}`, 'localhost.evil.example', '127.0.0.1.evil.example']) {
      expect((await request(port, { headers: { host } })).status, host).toBe(403)
    }
    // Without any name: newer versions of Node refuse it themselves.
    expect([400, 403]).toContain((await request(port, { setHost: false })).status)
    for (const host of ['localhost', `LOCALHOST:${port}`, `127.0.0.1:${port}`, '[::1]:9464']) {
      expect((await request(port, { headers: { host } })).status, host).toBe(200)
    }
  })

  it('say so when they can’t be collected', async () => {
    const port = await freePort()
    const settings = new FakeSettings({ prometheus: { enabled: true, port } })
    const { server, logged } = startServer(settings, () => Promise.reject(new Error('on purpose')))
    await server.settled()
    expect(await request(port)).toMatchObject({ status: 500, body: 'The metrics could not be collected.\n' })
    expect(logged.at(-1)).toBe('The metrics could not be collected')
  })

  it('are nobody’s trouble when another program has the port', async () => {
    const blocker = net.createServer().listen(0, '127.0.0.1')
    await new Promise(resolve => blocker.once('listening', resolve))
    ended.push(() => new Promise(resolve => blocker.close(resolve)))
    const { port } = blocker.address() as AddressInfo
    const settings = new FakeSettings()
    settings.change({ prometheus: { enabled: true, port } })
    const { server, logged } = startServer(settings)
    await server.settled()
    expect(server.endpoint).toBeNull()
    expect(logged).toEqual([
      `The metrics can't be served on port ${port}: another program uses it. Choose another one in metrics.prometheus.port.`,
    ])

    const other = await freePort()
    settings.change({ prometheus: { enabled: true, port: other } })
    await server.settled()
    expect((await request(other)).status).toBe(200)
  })

  it('end with connections that are kept open, and with half a request', async () => {
    const { settings, server, port } = await serving()
    const agent = new http.Agent({ keepAlive: true })
    ended.push(() => agent.destroy())
    await request(port, { agent })
    const half = net.connect(port, '127.0.0.1')
    half.on('error', () => undefined)
    await new Promise(resolve => half.once('connect', resolve))
    half.write('GET /metrics HTTP/1.1\r\nHost: local')
    const halfEnded = new Promise(resolve => half.once('close', resolve))
    await server.dispose()
    await server.dispose()
    await halfEnded
    expect(settings.listenerCount).toBe(0)
    expect(server.endpoint).toBeNull()
    settings.change({ prometheus: { enabled: true, port } })
    await server.settled()
    await expect(request(port)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
  })

  it('come to rest at the last of many changes', async () => {
    const { settings, server, port } = await serving()
    for (let change = 0; change < 20; change++) settings.change({ prometheus: { enabled: change % 2 === 0, port } })
    settings.change({ prometheus: { enabled: true, port } })
    await server.settled()
    expect((await request(port)).status).toBe(200)
  })
})
