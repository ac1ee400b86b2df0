/**
 * What Electron and the tests need of a Linux system beyond their own files, and the one command that installs what is
 * missing.
 *
 *   node scripts/lib/system-packages.mjs    prints the missing Debian packages, separated by spaces
 */
import { spawnSync } from 'node:child_process'
import { accessSync, constants, existsSync, readFileSync, realpathSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * Shared libraries that Electron 22 to 45 link to, by soname: the Debian package and the Fedora package. Where Debian
 * renamed the package for 64-bit time (Debian 13, Ubuntu 24.04) and the old name no longer works, `t64` says so.
 * @type {Readonly<Record<string, { apt: string, dnf: string, t64?: boolean }>>}
 */
const LIBRARIES = {
  'libX11.so.6': { apt: 'libx11-6', dnf: 'libX11' },
  'libXcomposite.so.1': { apt: 'libxcomposite1', dnf: 'libXcomposite' },
  'libXdamage.so.1': { apt: 'libxdamage1', dnf: 'libXdamage' },
  'libXext.so.6': { apt: 'libxext6', dnf: 'libXext' },
  'libXfixes.so.3': { apt: 'libxfixes3', dnf: 'libXfixes' },
  'libXrandr.so.2': { apt: 'libxrandr2', dnf: 'libXrandr' },
  'libasound.so.2': { apt: 'libasound2', dnf: 'alsa-lib', t64: true },
  'libatk-1.0.so.0': { apt: 'libatk1.0-0', dnf: 'atk', t64: true },
  'libatk-bridge-2.0.so.0': { apt: 'libatk-bridge2.0-0', dnf: 'at-spi2-atk', t64: true },
  'libatspi.so.0': { apt: 'libatspi2.0-0', dnf: 'at-spi2-core', t64: true },
  'libcairo.so.2': { apt: 'libcairo2', dnf: 'cairo' },
  'libcups.so.2': { apt: 'libcups2', dnf: 'cups-libs', t64: true },
  'libdbus-1.so.3': { apt: 'libdbus-1-3', dnf: 'dbus-libs' },
  'libdrm.so.2': { apt: 'libdrm2', dnf: 'libdrm' },
  'libexpat.so.1': { apt: 'libexpat1', dnf: 'expat' },
  'libgbm.so.1': { apt: 'libgbm1', dnf: 'mesa-libgbm' },
  'libgio-2.0.so.0': { apt: 'libglib2.0-0', dnf: 'glib2', t64: true },
  'libglib-2.0.so.0': { apt: 'libglib2.0-0', dnf: 'glib2', t64: true },
  'libgobject-2.0.so.0': { apt: 'libglib2.0-0', dnf: 'glib2', t64: true },
  'libgtk-3.so.0': { apt: 'libgtk-3-0', dnf: 'gtk3', t64: true },
  'libnspr4.so': { apt: 'libnspr4', dnf: 'nspr' },
  'libnss3.so': { apt: 'libnss3', dnf: 'nss' },
  'libnssutil3.so': { apt: 'libnss3', dnf: 'nss' },
  'libpango-1.0.so.0': { apt: 'libpango-1.0-0', dnf: 'pango' },
  'libsmime3.so': { apt: 'libnss3', dnf: 'nss' },
  'libudev.so.1': { apt: 'libudev1', dnf: 'systemd-libs' },
  'libxcb.so.1': { apt: 'libxcb1', dnf: 'libxcb' },
  'libxkbcommon.so.0': { apt: 'libxkbcommon0', dnf: 'libxkbcommon' },
}
/** @type {Readonly<Record<string, { apt: string, dnf: string }>>} */
const COMMANDS = {
  Xvfb: { apt: 'xvfb', dnf: 'xorg-x11-server-Xvfb' },
  setpriv: { apt: 'util-linux', dnf: 'util-linux' },
  // For the development runtime, which comes as a Python wheel.
  pip3: { apt: 'python3-pip', dnf: 'python3-pip' },
  // For the tests alone: it reads the metrics that Muster serves.
  prometheus: { apt: 'prometheus', dnf: 'golang-github-prometheus' },
  // For the native test board, which is built from source.
  gcc: { apt: 'build-essential', dnf: 'gcc' },
  make: { apt: 'build-essential', dnf: 'make' },
  xz: { apt: 'xz-utils', dnf: 'xz' },
  // For the tests on firmware of old.
  'qemu-system-arm': { apt: 'qemu-system-arm', dnf: 'qemu-system-arm-core' },
}
/** @type {Readonly<Record<string, { apt: string, dnf: string }>>} */
const FILES = {
  '/usr/share/firmware-microbit-micropython/firmware.hex': { apt: 'firmware-microbit-micropython', dnf: 'firmware-microbit-micropython' },
}

/**
 * @param {string} executable
 * @returns {string[]} sonames that the loader does not find
 */
export function missingLibraries(executable) {
  const { stdout } = spawnSync('ldd', [executable], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
  return parseMissing(stdout ?? '')
}

/**
 * @param {string} lddOutput
 * @returns {string[]}
 */
export function parseMissing(lddOutput) {
  return [...lddOutput.matchAll(/^\s*(\S+) => not found/gm)].map(match => match[1] ?? '')
}

/** @param {string} name */
export function hasCommand(name) {
  return (process.env.PATH ?? '').split(path.delimiter).some(folder => {
    try {
      accessSync(path.join(folder, name), constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

/**
 * @param {readonly string[]} missing sonames and commands
 * @param {{ osRelease?: string, isRoot?: boolean }} [system] `osRelease`: content of /etc/os-release
 * @returns {string} one command, or where no package manager is known a sentence
 */
export function installCommand(missing, { osRelease = readOsRelease(), isRoot = process.getuid?.() === 0 } = {}) {
  const sudo = isRoot ? '' : 'sudo '
  if (/^ID(_LIKE)?=.*\b(fedora|rhel|centos)\b/m.test(osRelease)) {
    return `${sudo}dnf install -y ${packageNames(missing, 'dnf', osRelease).join(' ')}`
  }
  if (/^ID(_LIKE)?=.*\b(debian|ubuntu)\b/m.test(osRelease)) {
    return `${sudo}apt-get update && ${sudo}apt-get install -y ${packageNames(missing, 'apt', osRelease).join(' ')}`
  }
  return `Install with your package manager what holds: ${missing.join(', ')}`
}

/**
 * @param {readonly string[]} missing
 * @param {'apt' | 'dnf'} family
 * @param {string} osRelease
 */
function packageNames(missing, family, osRelease) {
  const renamed = family === 'apt' && isAfterTime64(osRelease)
  const names = missing.map(name => {
    const entry = LIBRARIES[name] ?? COMMANDS[name] ?? FILES[name]
    if (entry === undefined) return name
    return renamed && 't64' in entry && entry.t64 ? `${entry.apt}t64` : entry[family]
  })
  return [...new Set(names)].sort()
}

/** @param {string} osRelease */
function isAfterTime64(osRelease) {
  const id = /^ID="?(\w+)/m.exec(osRelease)?.[1]
  const version = Number(/^VERSION_ID="?([\d.]+)/m.exec(osRelease)?.[1] ?? Number.NaN)
  if (id === 'ubuntu') return version >= 24.04
  // Debian's testing and unstable have no version.
  return id === 'debian' && !(version < 13)
}

function readOsRelease() {
  try {
    return readFileSync('/etc/os-release', 'utf8')
  } catch {
    return ''
  }
}

/** Everything of the tables that this system lacks, without a look at any executable. */
function missingFromSystem() {
  const { stdout } = spawnSync('ldconfig', ['-p'], {
    encoding: 'utf8',
    env: { ...process.env, PATH: `${process.env.PATH}:/sbin:/usr/sbin` },
  })
  const present = new Set([...(stdout ?? '').matchAll(/^\s+(\S+) /gm)].map(match => match[1]))
  return [
    ...Object.keys(LIBRARIES).filter(name => !present.has(name)),
    ...Object.keys(COMMANDS).filter(name => !hasCommand(name)),
    ...Object.keys(FILES).filter(file => !existsSync(file)),
  ]
}

if (process.argv[1] && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  process.stdout.write(`${packageNames(missingFromSystem(), 'apt', readOsRelease()).join(' ')}\n`)
}
