import './shell/thread-pool'
import os from 'node:os'
import path from 'node:path'
import { app, type BrowserWindow, powerMonitor, protocol, session } from 'electron'
import { type Core, composeCore } from './compose-core'
import { systemClock } from './core/base/clock'
import { listAppFiles } from './shell/app-files'
import { describeApp } from './shell/app-info'
import { APP_ADDRESS } from './shell/app-origin'
import type { AppWindows } from './shell/app-windows'
import { catchDefects, endFailedStart } from './shell/crash'
import { runDemo } from './shell/demo'
import { developmentAddress, developmentSystemRoot } from './shell/development'
import { type LaunchArguments, parseLaunchArguments } from './shell/launch-arguments'
import { followLastWindow, isOnlyInstance, quitInOrder } from './shell/lifecycle'
import { locate } from './shell/locations'
import { openLog } from './shell/logging'
import { installMenu } from './shell/menu'
import { musterWindows } from './shell/muster-windows'
import { keepOffNetwork } from './shell/network'
import { denyPermissions } from './shell/permissions'
import { registerAppScheme, serveApp } from './shell/protocol'
import { SettingsStore } from './shell/settings-store'
import { bringToFront } from './shell/window'

/**
 * The order of start-up and shut-down, and where the parts are put together. Each step is a function of its own file.
 *
 * Before the app is ready: log, net for defects, own scheme, sandbox, the only instance. Then: session hardened, settings,
 * configuration, core, menu and theme, a window with its bridge and page. Shut-down goes the other way round, in
 * `quitInOrder`.
 */
const clock = systemClock
const locations = locate(__dirname)
const info = describeApp(process.versions, app.isPackaged)
const development = developmentAddress(process.env, app.isPackaged)
const address = development ?? APP_ADDRESS
const logsFolder = path.join(app.getPath('userData'), 'logs')
const log = openLog({ folder: logsFolder, homeFolder: os.homedir(), clock, toConsole: !app.isPackaged })
const { logger } = log

let windows: AppWindows<BrowserWindow> | null = null
let exitCode = 0
let isQuitting = false

const parsed = parseLaunchArguments(process.argv.slice(1))
if (!parsed.ok) {
  process.stderr.write(`${parsed.problem}\n`)
  app.exit(2)
} else if (!isOnlyInstance(app, logger, showLatestWindow)) {
  app.exit(0)
} else {
  catchDefects(logger)
  registerAppScheme(protocol)
  app.enableSandbox()
  void run(parsed.launch)
}

async function run(launch: LaunchArguments): Promise<void> {
  try {
    await app.whenReady()
    await start(launch)
  } catch (error) {
    await endFailedStart(error, log)
  }
}

async function start(launch: LaunchArguments): Promise<void> {
  logger.info('Muster starts', { ...info, platform: process.platform, release: os.release() })
  await hardenSession()
  const settings = await SettingsStore.load({ folder: app.getPath('userData'), clock, logger })
  const core = await startCore(settings)
  arrangeQuit(core, settings)
  windows = openWindows(core, settings)
  followLastWindow(app, process.platform, windows)
  const window = windows.open()
  if (launch.demo) await demonstrate(core, window, launch)
}

async function hardenSession(): Promise<void> {
  denyPermissions(session.defaultSession)
  keepOffNetwork(session.defaultSession, { development, allowDeveloperTools: !app.isPackaged })
  serveApp(protocol, await listAppFiles(locations.page))
}

async function startCore(settings: SettingsStore): Promise<Core> {
  const core = await composeCore({
    ...locations,
    userDataFolder: app.getPath('userData'),
    systemRoot: developmentSystemRoot(process.env, app.isPackaged),
    clock,
    logger,
    typedPorts: {
      load: async () => settings.current.typedPorts,
      save: async typedPorts => settings.update({ typedPorts: [...typedPorts] }),
    },
  })
  log.setLevel(core.settings.current.logging.level)
  core.settings.onChanged(({ logging }) => log.setLevel(logging.level))
  powerMonitor.on('suspend', () => core.suspend())
  powerMonitor.on('resume', () => core.resume())
  return core
}

function openWindows(core: Core, settings: SettingsStore): AppWindows<BrowserWindow> {
  const { opened, onAction, onNewWindow } = musterWindows({
    services: core.services,
    info,
    preload: locations.preload,
    address,
    settings,
    clock,
    logger,
    onVisibility: anyVisible => core.setWatched(anyVisible),
    isQuitting: () => isQuitting,
  })
  installMenu({ info, settings, logger, logsFolder, onAction, onNewWindow })
  return opened
}

function showLatestWindow(): void {
  const window = windows?.latest
  if (window) bringToFront(window)
}

function arrangeQuit(core: Core, settings: SettingsStore): void {
  quitInOrder({
    app,
    clock,
    logger,
    shutDown() {
      isQuitting = true
      return core.shutDown()
    },
    abandon: () => core.abandon(),
    async flush() {
      await settings.flush()
      logger.info('Muster ends')
      await log.flush()
    },
    limitMs: () => core.shutDownMs,
    exitCode: () => exitCode,
  })
}

async function demonstrate(core: Core, window: BrowserWindow, { screenshot, exit }: LaunchArguments): Promise<void> {
  const print = (line: string): void => void process.stdout.write(`${line}\n`)
  const succeeded = await runDemo({ services: core.services, window, clock, screenshot, print }).catch((error: unknown) => {
    logger.error('The demo failed', { error })
    print(`The demo failed: ${error instanceof Error ? error.message : String(error)}`)
    return false
  })
  exitCode = succeeded ? 0 : 1
  if (exit) app.quit()
}
