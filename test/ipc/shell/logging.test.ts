import fs from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AppLog, openLog } from '../../../electron/shell/logging'
import { FakeClock } from '../../fakes/fake-clock'

let folder: string
let log: AppLog

beforeEach(async () => {
  folder = await fs.mkdtemp(path.join(os.tmpdir(), 'muster-log-'))
  log = openLog({ folder, homeFolder: '/home/ada', clock: new FakeClock(), toConsole: false })
})
afterEach(() => fs.rm(folder, { recursive: true, force: true }))

async function linesWrittenAt(level: Parameters<AppLog['setLevel']>[0] | null): Promise<string[]> {
  if (level !== null) log.setLevel(level)
  const { logger } = log
  for (const write of ['debug', 'info', 'warn', 'error'] as const) logger[write](`said with ${write}`)
  await log.flush()
  const text = await fs.readFile(path.join(folder, 'muster.log'), 'utf8').catch(() => '')
  return [...text.matchAll(/said with (\w+)/g)].map(match => match[1] ?? '')
}

describe('the log', () => {
  it.each([
    [null, ['info', 'warn', 'error']],
    ['error', ['error']],
    ['warn', ['warn', 'error']],
    ['info', ['info', 'warn', 'error']],
    ['verbose', ['info', 'warn', 'error']],
    ['debug', ['debug', 'info', 'warn', 'error']],
    ['silly', ['debug', 'info', 'warn', 'error']],
  ] as const)('at level %s holds %j', async (level, expected) => {
    expect(await linesWrittenAt(level)).toEqual(expected)
  })

  it('follows a change of its level at once', async () => {
    log.setLevel('debug')
    log.logger.debug('first')
    log.setLevel('warn')
    log.logger.info('second')
    await log.flush()
    const text = await fs.readFile(path.join(folder, 'muster.log'), 'utf8')
    expect([text.includes('first'), text.includes('second')]).toEqual([true, false])
  })

  it('names no home folder', async () => {
    log.logger.info('A file', { file: '/home/ada/board.py' })
    await log.flush()
    expect(await fs.readFile(path.join(folder, 'muster.log'), 'utf8')).not.toContain('ada')
  })
})
