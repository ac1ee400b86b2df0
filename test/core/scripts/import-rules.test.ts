import { describe, expect, it } from 'vitest'
import { findViolations } from '../../../scripts/lib/import-rules.mjs'

/** file, source, and what the complaint says; no complaint where it is null. */
const cases: readonly (readonly [string, string, string | null])[] = [
  ['shared/model.ts', "import type { Code } from './errors'", null],
  ['shared/model.ts', "import { z } from 'zod'", 'may not import packages (zod)'],
  ['shared/model.ts', "import path from 'node:path'", "may not import Node's modules"],
  ['shared/model.ts', "export * from '../electron/core/base/clock'", 'may not import electron/core/base/clock'],

  ['electron/core/sessions/manager.ts', "import { every } from '../base/clock'", null],
  ['electron/core/sessions/manager.ts', "import { autoDetect } from '@serialport/bindings-cpp'", null],
  ['electron/core/sessions/manager.ts', "import type { App } from 'electron'", 'electron/core may not import electron'],
  ['electron/core/sessions/manager.ts', "import { app } from 'electron/main'", 'electron/core may not import electron'],
  ['electron/core/sessions/manager.ts', "const { app } = require('electron')", 'electron/core may not import electron'],
  ['electron/core/sessions/manager.ts', "void import('electron')", 'electron/core may not import electron'],
  ['electron/core/sessions/manager.ts', "type App = import('electron').App", 'electron/core may not import electron'],
  ['electron/core/sessions/manager.ts', "import { router } from '../../ipc/router'", 'may not import electron/ipc/router'],
  [
    'electron/core/transport/transport.ts',
    "import { Session } from '../sessions/session'",
    'may not import electron/core/sessions/session',
  ],
  ['electron/core/micropython/run.ts', "import type { Transport } from '../transport/transport'", null],
  ['electron/core/micropython/run.ts', "import { Session } from '../sessions/session'", 'may not import electron/core/sessions/session'],

  ['electron/ipc/router.ts', "import { ipcMain } from 'electron'", null],
  ['electron/ipc/router.ts', "import { openLog } from '../shell/logging'", 'may not import electron/shell/logging'],
  ['electron/shell/window.ts', "import { BrowserWindow } from 'electron'", null],
  ['electron/shell/window.ts', "import { App } from '../../renderer/app'", 'may not import renderer/app'],
  ['electron/preload/preload.ts', "import { contextBridge } from 'electron'", null],
  ['electron/preload/preload.ts', "import { Emitter } from '../core/base/emitter'", 'may not import electron/core/base/emitter'],
  ['electron/preload/preload.ts', "import fs from 'node:fs'", "may not import Node's modules"],
  ['electron/main.ts', "import { openLog } from './shell/logging'", null],
  ['electron/main.ts', "import { fakeClock } from '../test/fakes/fake-clock'", 'may not import test/fakes/fake-clock'],

  ['renderer/app.tsx', "import { Fleet } from './features/fleet/fleet'", null],
  ['renderer/app.tsx', "import type { Clock } from '../electron/core/base/clock'", 'may not import electron/core/base/clock'],
  ['renderer/app.tsx', "import { shell } from 'electron'", 'renderer may not import electron'],
  ['renderer/app.tsx', "import { z } from 'zod'", 'renderer may not import zod'],
  ['renderer/app.tsx', "import fs from 'node:fs'", "may not import Node's modules"],
  ['renderer/features/fleet/list.tsx', "import { Row } from './row'", null],
  ['renderer/features/fleet/list.tsx', "import { Button } from '../../ui/button'", null],
  ['renderer/features/fleet/list.tsx', "import { Chart } from '../metrics/chart'", 'may not import renderer/features/metrics/chart'],
  ['renderer/features/fleet/list.tsx', "import { Chart } from '../fleet-wide/chart'", 'may not import renderer/features/fleet-wide/chart'],
  ['renderer/stores/fleet.ts', "import { Row } from '../features/fleet/row'", 'may not import renderer/features/fleet/row'],

  ['renderer/bridge/client.ts', 'void window.muster', null],
  ['renderer/stores/fleet.ts', '// as window.muster does', null],
  ['renderer/stores/fleet.ts', "void window.muster.call('app:info', {})", 'only renderer/bridge touches window.muster'],
  ['renderer/stores/fleet.ts', "void globalThis['muster']", 'only renderer/bridge touches window.muster'],
  ['renderer/stores/fleet.ts', 'const { muster } = window', 'only renderer/bridge touches window.muster'],
]

describe('import rules', () => {
  it.each(cases)('%s: %s', (file, source, complaint) => {
    const violations = findViolations(file, source)
    if (complaint === null) expect(violations).toEqual([])
    else expect(violations).toEqual([expect.stringContaining(complaint)])
  })

  it('names the line', () => {
    expect(findViolations('shared/model.ts', "\n\nimport { z } from 'zod'\n")[0]).toMatch(/^shared\/model\.ts:3: /)
  })

  it('reports a file that is no TypeScript', () => {
    expect(findViolations('shared/model.ts', 'const = ')).not.toEqual([])
  })
})
