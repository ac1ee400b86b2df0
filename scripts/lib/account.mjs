/**
 * Who Electron runs as. It refuses its sandbox as root, and the sandbox is never given up: started by root, it runs as
 * the user behind `sudo`, else as `nobody`.
 */
import { spawnSync } from 'node:child_process'
import { chownSync, mkdirSync, mkdtempSync, readFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { PlainError } from './say.mjs'
import { hasCommand, installCommand } from './system-packages.mjs'

/**
 * @typedef {object} Account
 * @property {number} uid
 * @property {number} gid
 * @property {string} name
 * @property {string} home a folder that it can write
 */

const NOBODY_HOME = '/var/lib/muster'
/** Groups that own serial ports, on Debian and on Arch. */
const SERIAL_GROUPS = ['dialout', 'uucp']

/** @returns {Account | null} null when this process may run Electron itself */
export function unprivilegedAccount() {
  if (process.getuid?.() !== 0) return null
  const wanted = Number(process.env.SUDO_UID ?? 0)
  const entry = (wanted > 0 ? findUser(fields => Number(fields[2]) === wanted) : null) ?? findUser(fields => fields[0] === 'nobody')
  if (entry === null)
    throw new PlainError('Electron does not run as root, and there is no account "nobody" to run it as. Start Muster as an ordinary user.')
  if (!hasCommand('setpriv'))
    throw new PlainError(
      `Electron does not run as root, and setpriv, which changes the account, is missing. ${installCommand(['setpriv'])}`,
    )
  const [name = '', , uid, gid, , home = '/'] = entry
  const account = { uid: Number(uid), gid: Number(gid), name, home }
  return name === 'nobody' ? { ...account, home: homeForNobody(account) } : account
}

/**
 * @param {(fields: string[]) => boolean} matches
 * @returns {string[] | null} name, password, uid, gid, full name, home, shell
 */
function findUser(matches) {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n')
  return lines.map(line => line.split(':')).find(fields => fields.length >= 7 && matches(fields)) ?? null
}

/** @param {{ uid: number, gid: number }} owner */
function homeForNobody(owner) {
  try {
    mkdirSync(NOBODY_HOME, { recursive: true, mode: 0o700 })
    chownSync(NOBODY_HOME, owner.uid, owner.gid)
    return NOBODY_HOME
  } catch {
    return temporaryFolder(owner)
  }
}

/**
 * @param {{ uid: number, gid: number } | null} owner
 * @param {string} [parent]
 * @returns {string} a new folder that only the owner can use
 */
export function temporaryFolder(owner, parent = os.tmpdir()) {
  const folder = mkdtempSync(path.join(parent, 'muster-'))
  if (owner !== null) chownSync(folder, owner.uid, owner.gid)
  return folder
}

/**
 * The command line that runs a program as the account. On Linux the program is ended with whoever started it.
 * @param {Account | null} account
 * @param {string} command
 * @param {readonly string[]} args
 * @returns {[string, string[]]}
 */
export function commandAs(account, command, args) {
  if (process.platform !== 'linux' || !hasCommand('setpriv')) return [command, [...args]]
  const change = account === null ? [] : [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--inh-caps=-all', ...groupsOf(account)]
  return ['setpriv', ['--pdeathsig=TERM', ...change, '--', command, ...args]]
}

/** @param {Account} account */
function groupsOf(account) {
  if (account.name !== 'nobody') return ['--init-groups']
  const present = readFileSync('/etc/group', 'utf8')
    .split('\n')
    .map(line => line.split(':'))
  const ids = present.filter(([name]) => SERIAL_GROUPS.includes(name ?? '')).map(([, , gid]) => gid)
  return ids.length > 0 ? [`--groups=${ids.join(',')}`] : ['--clear-groups']
}

/**
 * The environment for a program of the account: nothing of root's own session.
 * @param {Account | null} account
 * @returns {NodeJS.ProcessEnv}
 */
export function environmentFor(account) {
  const environment = { ...process.env }
  // Set in terminals of editors that are Electron apps themselves; the app would start as plain Node.
  delete environment.ELECTRON_RUN_AS_NODE
  if (account === null) return environment
  for (const name of Object.keys(environment)) if (name.startsWith('XDG_') || name === 'DBUS_SESSION_BUS_ADDRESS') delete environment[name]
  return { ...environment, HOME: account.home, USER: account.name, LOGNAME: account.name }
}

/**
 * @param {Account | null} account
 * @param {string} location
 * @param {'r' | 'w'} [mode]
 */
export function canUse(account, location, mode = 'r') {
  const [command, args] = commandAs(account, 'test', [`-${mode}`, location])
  return spawnSync(command, args).status === 0
}
