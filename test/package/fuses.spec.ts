import { readFileSync } from 'node:fs'
import path from 'node:path'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { expect, test } from '@playwright/test'
import { findPackagedApp } from './packaged-app'

/** As released, but for the inspector. */
const EXPECTED: readonly (readonly [FuseV1Options, 'on' | 'off'])[] = [
  [FuseV1Options.RunAsNode, 'off'],
  [FuseV1Options.EnableCookieEncryption, 'on'],
  [FuseV1Options.EnableNodeOptionsEnvironmentVariable, 'off'],
  [FuseV1Options.EnableNodeCliInspectArguments, 'on'],
  [FuseV1Options.EnableEmbeddedAsarIntegrityValidation, 'on'],
  [FuseV1Options.OnlyLoadAppFromAsar, 'on'],
  [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot, 'off'],
  // Came with Electron 29.
  [FuseV1Options.GrantFileProtocolExtraPrivileges, 'off'],
]

/** The characters in the executable that stand for a fuse's state. */
const STATES: Readonly<Record<number, string>> = { 48: 'off', 49: 'on' }

function projectLines(file: string): string[] {
  const text = readFileSync(path.resolve(__dirname, '..', '..', file), 'utf8')
  return text.split('\n').filter(line => line.trim() !== '' && !line.trim().startsWith('#'))
}

test('the fuses are set as they should be (security row 19)', async () => {
  const wire: Readonly<Record<string, unknown>> = { ...(await getCurrentFuseWire(findPackagedApp().executable)) }
  const present = EXPECTED.filter(([fuse]) => wire[fuse] !== undefined)
  expect(present.length).toBeGreaterThanOrEqual(7)
  const found = present.map(([fuse]) => [FuseV1Options[fuse], STATES[Number(wire[fuse])]])
  expect(found).toEqual(present.map(([fuse, state]) => [FuseV1Options[fuse], state]))
})

test('the tested package differs from the released one in the inspector alone (security row 19)', () => {
  expect(projectLines('electron-builder.test.yml')).toEqual([
    'extends: electron-builder.yml',
    'electronFuses:',
    '  enableNodeCliInspectArguments: true',
  ])
  const released = projectLines('electron-builder.yml')
  for (const [fuse, state] of EXPECTED) {
    const name = FuseV1Options[fuse] ?? ''
    const key = name.charAt(0).toLowerCase() + name.slice(1)
    const isOn = state === 'on' && fuse !== FuseV1Options.EnableNodeCliInspectArguments
    expect(released).toContain(`  ${key}: ${isOn}`)
  }
})
