/** The app's command line as the user wrote it, made right for another folder and another account. */
import { chownSync, copyFileSync, existsSync, mkdirSync, readdirSync } from 'node:fs'
import path from 'node:path'
import { canUse, temporaryFolder } from './account.mjs'
import { PlainError, say } from './say.mjs'

/**
 * Files and folders named on the command line are meant relative to where the user is. What the account can't write
 * into is written elsewhere and brought over by `deliver`.
 * @param {readonly string[]} args
 * @param {{ account: import('./account.mjs').Account | null, callerFolder: string }} options
 * @returns {{ args: string[], deliver: () => void, temporary: string[] }}
 */
export function adaptArguments(args, { account, callerFolder }) {
  const adapted = []
  const deliveries = /** @type {{ from: string, to: string }[]} */ ([])
  const temporary = /** @type {string[]} */ ([])
  for (let index = 0; index < args.length; index++) {
    const { name, value } = split(args[index] ?? '')
    if (name === '--screenshot') {
      const target = path.resolve(callerFolder, value ?? args[++index] ?? missing(name))
      mkdirSync(path.dirname(target), { recursive: true })
      if (account === null) {
        adapted.push(name, target)
      } else {
        const folder = temporaryFolder(account)
        temporary.push(folder)
        const from = path.join(folder, path.basename(target))
        deliveries.push({ from, to: target })
        adapted.push(name, from)
      }
    } else if (name === '--user-data-dir' && value !== undefined) {
      const folder = path.resolve(callerFolder, value)
      if (account !== null) giveTo(account, folder)
      adapted.push(`${name}=${folder}`)
    } else {
      adapted.push(args[index] ?? '')
    }
  }
  const deliver = () => {
    for (const { from, to } of deliveries) {
      if (!existsSync(from)) continue
      copyFileSync(from, to)
      say(`brought ${from} to ${to}.`)
    }
  }
  return { args: adapted, deliver, temporary }
}

/** @param {string} argument */
function split(argument) {
  const at = argument.indexOf('=')
  return at < 0 ? { name: argument, value: undefined } : { name: argument.slice(0, at), value: argument.slice(at + 1) }
}

/**
 * @param {string} name
 * @returns {never}
 */
function missing(name) {
  throw new PlainError(`${name} needs a file name after it.`)
}

/**
 * @param {import('./account.mjs').Account} account
 * @param {string} folder made if it is not there; an empty one becomes the account's own
 */
function giveTo(account, folder) {
  mkdirSync(folder, { recursive: true })
  if (readdirSync(folder).length === 0) chownSync(folder, account.uid, account.gid)
  if (!canUse(account, folder, 'w')) {
    throw new PlainError(`Electron runs as ${account.name} here, and that account can't write into ${folder}. Name another folder.`)
  }
}
