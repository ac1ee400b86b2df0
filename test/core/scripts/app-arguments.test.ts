import { mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { adaptArguments } from '../../../scripts/lib/app-arguments.mjs'

describe('the arguments of npm start', () => {
  let callerFolder = ''
  beforeEach(() => {
    callerFolder = mkdtempSync(path.join(os.tmpdir(), 'muster-arguments-'))
  })
  afterEach(() => rmSync(callerFolder, { recursive: true, force: true }))

  const adapt = (...args: string[]) => adaptArguments(args, { account: null, callerFolder }).args

  it('pass what they do not know', () => {
    expect(adapt('--demo', '--exit', '--force-device-scale-factor=2')).toEqual(['--demo', '--exit', '--force-device-scale-factor=2'])
  })

  it.each([[['--screenshot', 'shots/a.png']], [['--screenshot=shots/a.png']]])('place a picture where the user is: %j', args => {
    expect(adapt(...args)).toEqual(['--screenshot', path.join(callerFolder, 'shots', 'a.png')])
  })

  it('leave an absolute name as it is', () => {
    const file = path.join(callerFolder, 'a.png')
    expect(adapt('--screenshot', file)).toEqual(['--screenshot', file])
  })

  it('place the data folder where the user is', () => {
    expect(adapt('--user-data-dir=data')).toEqual([`--user-data-dir=${path.join(callerFolder, 'data')}`])
  })

  it('say that a picture needs a name', () => {
    expect(() => adapt('--demo', '--screenshot')).toThrow('--screenshot needs a file name after it.')
  })
})
