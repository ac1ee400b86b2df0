/** Copies of what the account that Electron runs as can't read where it lies, such as a checkout in root's home. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { canUse, temporaryFolder } from './account.mjs'
import { rootFolder } from './paths.mjs'
import { PlainError, say } from './say.mjs'

/** @typedef {import('./account.mjs').Account} Account */

/** Files that stand for all the others: if the account can read these, it can read the checkout. */
const PROBES = ['package.json', 'dist/main/main.js', 'node_modules/serialport/package.json']
const NOT_COPIED = new Set(['.git', 'test-results'])

/**
 * @param {Account | null} account
 * @param {'app' | 'checkout'} extent what the app needs at run time, or everything that the tests need
 * @returns {{ folder: string, isCopy: boolean }}
 */
export function reachableCheckout(account, extent) {
  if (account === null || PROBES.every(file => canUse(account, path.join(rootFolder, file)))) return { folder: rootFolder, isCopy: false }
  const folder = temporaryFolder(account)
  say(`${account.name} can't read ${rootFolder}; running from a copy.`)
  copyTo(
    account,
    folder,
    extent === 'app' ? ['package.json', 'dist', ...productionPackages()] : readdirSync(rootFolder).filter(name => !NOT_COPIED.has(name)),
  )
  return { folder, isCopy: true }
}

/**
 * @param {Account} account
 * @param {string} folder
 * @param {readonly string[]} entries
 */
function copyTo(account, folder, entries) {
  // The system's own tools: Node copies tens of thousands of files ten times slower.
  const copied = spawnSync('cp', ['-a', '--parents', ...entries, folder], { cwd: rootFolder })
  const given = spawnSync('chown', ['-R', `${account.uid}:${account.gid}`, folder])
  if (copied.status !== 0 || given.status !== 0) throw new PlainError(`A copy for ${account.name} could not be made in ${folder}.`)
}

/** @returns {string[]} folders below `node_modules` that are no development dependencies */
function productionPackages() {
  const { packages } = JSON.parse(readFileSync(path.join(rootFolder, 'node_modules', '.package-lock.json'), 'utf8'))
  return Object.keys(packages).filter(name => !packages[name].dev && !packages[name].devOptional && existsSync(path.join(rootFolder, name)))
}
