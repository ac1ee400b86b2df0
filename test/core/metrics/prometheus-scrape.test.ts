import { type ChildProcess, spawn } from 'node:child_process'
import fs from 'node:fs/promises'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'
import { silentLogger } from '../../../electron/core/base/logger'
import { createPrometheusMetrics } from '../../../electron/core/metrics/prometheus'
import { PrometheusServer } from '../../../electron/core/metrics/prometheus-server'
import { hasCommand, installCommand } from '../../../scripts/lib/system-packages.mjs'
import { FakeSettings } from '../../fakes/fake-settings'
import { freePort } from './free-port'

const ended: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const end of ended.splice(0).reverse()) await end()
})

/** A skip would hide that nobody has tried it. */
function requirePrometheus(): void {
  if (hasCommand('prometheus')) return
  throw new Error(
    `This test has the metrics read by a real Prometheus, which is not installed. Install it with: ${installCommand(['prometheus'])}`,
  )
}

/** Ours, on a port of its own, as the configuration would have it. */
async function serveMetrics() {
  const byDataSource = new Map([
    ['usb:2e8a:0005:e66', 2],
    ['a "quoted" source', 1],
  ])
  const metrics = createPrometheusMetrics({ read: () => ({ active: 3, open: 4, warm: 1, waiting: 0, byDataSource }) })
  ended.push(() => metrics.dispose())
  const port = await freePort()
  const server = new PrometheusServer({
    settings: new FakeSettings({ prometheus: { enabled: true, port } }),
    logger: silentLogger,
    text: metrics.text,
  })
  ended.push(() => server.dispose())
  await server.settled()
  expect(server.endpoint).toBe(`http://127.0.0.1:${port}/metrics`)
  return { sink: metrics.sink, port }
}

/** A Prometheus that reads the given port every second, in a folder that goes with it. Answers with its own port. */
async function startPrometheus(metricsPort: number): Promise<number> {
  const folder = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-prometheus-'))
  ended.push(() => fs.rm(folder, { recursive: true, force: true }))
  const config = path.join(folder, 'prometheus.yml')
  const jobs = [{ job_name: 'muster', static_configs: [{ targets: [`127.0.0.1:${metricsPort}`] }] }]
  // JSON is YAML.
  await fs.writeFile(config, JSON.stringify({ global: { scrape_interval: '1s', scrape_timeout: '1s' }, scrape_configs: jobs }))
  const port = await freePort()
  const child = spawn(
    'prometheus',
    [`--config.file=${config}`, `--storage.tsdb.path=${path.join(folder, 'data')}`, `--web.listen-address=127.0.0.1:${port}`],
    { stdio: ['ignore', 'ignore', 'pipe'], cwd: folder },
  )
  ended.push(() => stop(child))
  let said = ''
  child.stderr?.on('data', chunk => {
    said = `${said}${chunk}`.slice(-4_000)
  })
  child.on('exit', code => {
    if (code !== null && code !== 0) console.error(`Prometheus ended with ${code}:\n${said}`)
  })
  return port
}

function stop(child: ChildProcess): Promise<unknown> {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  const gone = new Promise(resolve => child.once('exit', resolve))
  child.kill('SIGKILL')
  return gone
}

interface Sample {
  readonly metric: Readonly<Record<string, string>>
  readonly value: readonly [number, string]
}

/** What Prometheus answers to a query; nothing while it does not answer yet. */
function query(port: number, expression: string): Promise<readonly Sample[]> {
  return new Promise(resolve => {
    const sent = http.get(
      { host: '127.0.0.1', port, path: `/api/v1/query?query=${encodeURIComponent(expression)}`, agent: false },
      response => {
        let body = ''
        response.on('data', chunk => {
          body += chunk
        })
        response.on('end', () => {
          try {
            resolve((JSON.parse(body) as { data: { result: readonly Sample[] } }).data.result)
          } catch {
            resolve([])
          }
        })
      },
    )
    sent.on('error', () => resolve([]))
  })
}

it('S-04 S-22 B-16 B-17 G-37 E-41 a real Prometheus reads the metrics as they are meant', { timeout: 90_000 }, async () => {
  requirePrometheus()
  const { sink, port } = await serveMetrics()
  sink.sessionOpened()
  sink.sessionOpened()
  sink.operation('session-1', 7, true)
  sink.operation('session-1', 700, false)
  sink.bytes('session-1', 'in', 1_234)
  sink.operation('session-2', 7, true)
  sink.sessionClosed('session-2', 'client-close', 60_000)
  const prometheus = await startPrometheus(port)

  const expectValues = (expression: string, values: readonly string[]): Promise<void> =>
    expect
      .poll(async () => (await query(prometheus, expression)).map(({ value }) => value[1]).sort(), { timeout: 60_000, interval: 200 })
      .toEqual(values)

  await expectValues('up{job="muster"}', ['1'])
  await expectValues('active_sessions', ['3'])
  await expectValues('stream_api_sessions_total{data_source="a \\"quoted\\" source"}', ['1'])
  await expectValues('sum(stream_api_sessions_total)', ['3'])
  await expectValues('fleet_sessions_opened_total', ['2'])
  await expectValues('fleet_session_bytes_total{session_id="session-1",direction="in"}', ['1234'])
  await expectValues('session_operations_total{session_id="session-1"}', ['1', '1'])
  await expectValues('session_operation_duration_sum{session_id="session-1"}', ['707'])
  await expectValues('session_operation_duration_bucket{session_id="session-1",le="10"}', ['1'])
  await expectValues('histogram_quantile(1, session_operation_duration_bucket{session_id="session-2"})', ['10'])
  await expectValues('fleet_sessions_closed_total{reason="client-close"}', ['1'])
  expect((await query(prometheus, 'session_duration_count{session_id="session-2"}')).map(({ value }) => value[1])).toEqual(['1'])

  sink.forget('session-2')
  await expectValues('count({session_id="session-2"})', [])
  await expectValues('session_operation_duration_count{session_id="session-1"}', ['2'])
})
