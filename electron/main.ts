import './shell/thread-pool'
import os from 'node:os'
import path from 'node:path'
import { app, type BrowserWindow, powerMonitor, protocol, session } from 'electron'
import { CORE_SHUT_DOWN_MS, type Core, composeCore } from './compose-core'
import { systemClock } from './core/base/clock'
import { attachBridge } from './ipc/bridge'
import { listAppFiles } from './shell/app-files'
import { describeApp } from './shell/app-info'
import { APP_ADDRESS } from './shell/app-origin'
import { catchDefects, endFailedStart, guardPage } from './shell/crash'
import { runDemo } from './shell/demo'
import { developmentAddress } from './shell/development'
import { openExternally } from './shell/external'
import { type LaunchArguments, parseLaunchArguments } from './shell/launch-arguments'
import { isOnlyInstance, quitInOrder } from './shell/lifecycle'
import { locate } from './shell/locations'
import { openLog } from './shell/logging'
import { installMenu } from './shell/menu'
import { keepOnPage } from './shell/navigation'
import { keepOffNetwork } from './shell/network'
import { denyPermissions } from './shell/permissions'
import { registerAppScheme, serveApp } from './shell/protocol'
import { SettingsStore } from './shell/settings-store'
import { createShellService, type DesktopService } from './shell/shell-service'
import { bringToFront, createMainWindow, loadPage, watchVisibility } from './shell/window'

/**
 * The order of start-up and shut-down, and where the parts are put together. Each step is a function of its own file.
 *
 * Before the app is ready: log, net for defects, own scheme, sandbox, the only instance. Then: session hardened, settings,
 * core, menu and theme, window with its bridge, page. Shut-down goes the other way round, in `quitInOrder`.
 */
const clock = systemClock
const locations = locate(__dirname)
const info = describeApp(process.versions, app.isPackaged)
const development = developmentAddress(process.env, app.isPackaged)
const address = development ?? APP_ADDRESS
const logsFolder = path.join(app.getPath('userData'), 'logs')
const log = openLog({ folder: logsFolder, homeFolder: os.homedir(), clock, toConsole: !app.isPackaged })
const { logger } = log

let mainWindow: BrowserWindow | null = null
let exitCode = 0

const parsed = parseLaunchArguments(process.argv.slice(1))
if (!parsed.ok) {
  process.stderr.write(`${parsed.problem}\n`)
  app.exit(2)
} else if (!isOnlyInstance(app, logger, () => mainWindow !== null && bringToFront(mainWindow))) {
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
  const core = startCore(settings)
  const desktop = createShellService({ info, window: () => mainWindow })
  arrangeQuit(core, settings)
  installMenu({ info, settings, logger, logsFolder, onAction: action => desktop.menu.fire(action) })
  mainWindow = openWindow(core, desktop, settings)
  await loadPage(mainWindow, address)
  if (launch.demo) await demonstrate(core, mainWindow, launch)
}

async function hardenSession(): Promise<void> {
  denyPermissions(session.defaultSession)
  keepOffNetwork(session.defaultSession, { development, allowDeveloperTools: !app.isPackaged })
  serveApp(protocol, await listAppFiles(locations.page))
}

function startCore(settings: SettingsStore): Core {
  const core = composeCore({
    ...locations,
    clock,
    logger,
    typedPorts: {
      load: async () => settings.current.typedPorts,
      save: async typedPorts => settings.update({ typedPorts: [...typedPorts] }),
    },
  })
  powerMonitor.on('resume', () => void core.services.ports.refresh())
  return core
}

function openWindow(core: Core, desktop: DesktopService, settings: SettingsStore): BrowserWindow {
  const window = createMainWindow({ preload: locations.preload, settings })
  const reload = (): void => void loadPage(window, address)
  keepOnPage(window.webContents, { pageUrl: address.url, onRefused: url => openExternally(url, logger), onLeft: reload })
  guardPage(window, { clock, logger, reload })
  const bridge = attachBridge(window.webContents, { services: { ...core.services, shell: desktop }, origin: address.origin, clock, logger })
  watchVisibility(window, visible => {
    bridge.setWindowVisible(visible)
    core.setWatched(visible)
  })
  window.once('closed', () => {
    mainWindow = null
  })
  return window
}

function arrangeQuit(core: Core, settings: SettingsStore): void {
  quitInOrder({
    app,
    clock,
    logger,
    shutDown: () => core.shutDown(),
    abandon: () => core.abandon(),
    async flush() {
      await settings.flush()
      logger.info('Muster ends')
      await log.flush()
    },
    graceMs: CORE_SHUT_DOWN_MS,
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
