/** A place for windows where there is none: a virtual X server of our own. */
import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { chmodSync, chownSync, copyFileSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { commandAs, temporaryFolder } from './account.mjs'
import { PlainError } from './say.mjs'

const START_TIMEOUT_MS = 30_000
const SOCKET_FOLDER = '/tmp/.X11-unix'

export const hasDisplay = () => process.platform !== 'linux' || Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY)

/**
 * @typedef {object} Display
 * @property {Record<string, string>} environment
 * @property {() => void} close
 */

/**
 * Starts Xvfb as the account that will use it, on a number that it finds itself, with a key of its own: another user
 * of the machine can neither see nor type into it.
 * @param {import('./account.mjs').Account | null} account
 * @returns {Promise<Display>}
 */
export async function openVirtualDisplay(account) {
  const folder = temporaryFolder(account)
  const keyFile = path.join(folder, 'Xauthority')
  writeFileSync(keyFile, keyForEveryDisplay(), { mode: 0o600 })
  if (account !== null) {
    chownSync(keyFile, account.uid, account.gid)
    prepareSocketFolder()
  }
  const options = ['-displayfd', '3', '-screen', '0', '1920x1200x24', '-nolisten', 'tcp', '-noreset', '-auth', keyFile]
  const [command, args] = commandAs(account, 'Xvfb', options)
  const server = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe', 'pipe'] })
  const close = () => {
    server.kill('SIGTERM')
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    const number = await readDisplayNumber(server)
    return { environment: { DISPLAY: `:${number}`, XAUTHORITY: keyFile }, close }
  } catch (error) {
    close()
    throw error
  }
}

/**
 * The display that is there, made usable for another account by a copy of its key.
 * @param {import('./account.mjs').Account} account
 * @returns {Display}
 */
export function lendDisplay(account) {
  const key = process.env.XAUTHORITY || path.join(os.homedir(), '.Xauthority')
  if (!existsSync(key)) return { environment: {}, close() {} }
  const folder = temporaryFolder(account)
  const copy = path.join(folder, 'Xauthority')
  copyFileSync(key, copy)
  chownSync(copy, account.uid, account.gid)
  return { environment: { XAUTHORITY: copy }, close: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Only root can make it in the form that X servers expect. */
function prepareSocketFolder() {
  if (existsSync(SOCKET_FOLDER)) return
  mkdirSync(SOCKET_FOLDER, { recursive: true })
  chmodSync(SOCKET_FOLDER, 0o1777)
}

/**
 * @param {import('node:child_process').ChildProcess} server
 * @returns {Promise<string>}
 */
function readDisplayNumber(server) {
  return new Promise((resolve, reject) => {
    let said = ''
    let number = ''
    const fail = (/** @type {string} */ why) => {
      clearTimeout(timer)
      reject(new PlainError(`The virtual display could not be started: ${why}.\n${said.trim()}`))
    }
    const timer = setTimeout(() => fail(`Xvfb was not ready after ${START_TIMEOUT_MS / 1000} s`), START_TIMEOUT_MS)
    server.once('error', error => fail(error.message))
    server.once('exit', code => fail(`Xvfb ended with exit code ${code}`))
    server.stderr?.on('data', chunk => {
      said = (said + chunk).slice(-4000)
    })
    const numbers = /** @type {import('node:stream').Readable} */ (server.stdio[3])
    numbers.on('data', chunk => {
      number += chunk
      if (!number.includes('\n')) return
      clearTimeout(timer)
      server.removeAllListeners('exit')
      resolve(number.trim())
    })
  })
}

/** An entry of an Xauthority file: family, address, display number, name, data; each but the family with its length before it. */
function keyForEveryDisplay() {
  const familyWild = Buffer.from([0xff, 0xff])
  const field = (/** @type {Buffer} */ data) => Buffer.concat([Buffer.from([data.length >> 8, data.length & 0xff]), data])
  return Buffer.concat([
    familyWild,
    field(Buffer.alloc(0)),
    field(Buffer.alloc(0)),
    field(Buffer.from('MIT-MAGIC-COOKIE-1')),
    field(randomBytes(16)),
  ])
}
