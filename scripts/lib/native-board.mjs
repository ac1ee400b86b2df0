/**
 * The native test board: MicroPython's own sources with the small port of `test/boards/native`, as a child process.
 *
 * The sources come from Debian's source package, through a configuration of apt's own, so that the machine's lists stay as they
 * are; apt checks the signatures. What is built lies in the shared cache under a name that says what it was built from.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { inRoot, sharedCacheFolder } from './paths.mjs'
import { PlainError, say } from './say.mjs'

const SUITE = 'sid'
const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg'
const portFolder = inRoot('test', 'boards', 'native')

/**
 * Builds the board unless it is there already.
 * @returns {string} the executable
 */
export function ensureNativeBoard() {
  const folder = path.join(sharedCacheFolder(), 'boards', portKey())
  const board = path.join(folder, 'board')
  if (existsSync(board)) return board
  refuseForeignSystems()
  const started = Date.now()
  // Two that build at once must not see each other's half-built files.
  const work = `${folder}.${process.pid}`
  mkdirSync(work, { recursive: true })
  try {
    const sources = unpackSources(work)
    run('make', ['-s', '-j2', '-C', portFolder, `MICROPYTHON=${sources}`, `BUILD=${path.join(work, 'build')}`])
    mkdirSync(folder, { recursive: true })
    renameSync(path.join(work, 'build', 'board'), board)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  say(`built the native test board in ${((Date.now() - started) / 1000).toFixed(1)} s.`)
  return board
}

/** What the board is built from, as one short name. */
function portKey() {
  const hash = createHash('sha256')
  for (const name of readdirSync(portFolder).sort()) hash.update(name).update(readFileSync(path.join(portFolder, name)))
  return hash.digest('hex').slice(0, 16)
}

function refuseForeignSystems() {
  if (process.platform === 'linux' && existsSync(KEYRING)) return
  throw new PlainError('The native test board is built from a Debian source package, and needs Debian or one of its kind.')
}

/**
 * @param {string} work a folder that goes afterwards
 * @returns {string} the folder of the sources
 */
function unpackSources(work) {
  const apt = path.join(work, 'apt')
  for (const name of ['lists/partial', 'cache/archives/partial']) mkdirSync(path.join(apt, name), { recursive: true })
  const mirror = debianMirror()
  writeFileSync(path.join(apt, 'sources.list'), `deb-src [signed-by=${KEYRING}] ${mirror} ${SUITE} main\n`)
  const configuration = path.join(apt, 'apt.conf')
  writeFileSync(
    configuration,
    [
      `Dir::Etc::sourcelist "${apt}/sources.list";`,
      'Dir::Etc::sourceparts "-";',
      `Dir::State::lists "${apt}/lists";`,
      `Dir::Cache "${apt}/cache";`,
      // A mirror may miss a request.
      'Acquire::Retries "3";',
      // Otherwise apt, as root, gives its rights up and can't write here.
      `APT::Sandbox::User "${process.getuid?.() === 0 ? 'root' : ''}";`,
      '',
    ].join('\n'),
  )
  const options = { cwd: work, env: { ...process.env, APT_CONFIG: configuration } }
  run('apt-get', ['update', '-q'], options)
  run('apt-get', ['source', '--download-only', '-q', 'micropython'], options)
  const archive = readdirSync(work).find(name => /^micropython_.*\.orig\.tar\./.test(name))
  if (archive === undefined) throw new PlainError("Debian's source package of MicroPython holds no sources.")
  run('tar', ['xf', archive], options)
  const folder = readdirSync(work).find(name => name.startsWith('micropython-'))
  if (folder === undefined) throw new PlainError(`${archive} holds no folder of sources.`)
  return path.join(work, folder)
}

/** The mirror that this machine uses already. */
function debianMirror() {
  const listed = spawnSync('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages'], { encoding: 'utf8' })
  const all = listed.stdout?.split('\n').filter(line => /^https?:/.test(line)) ?? []
  const mirror = all.find(line => /\/debian\/?$/.test(line)) ?? all.find(line => !line.includes('security'))
  if (mirror === undefined) throw new PlainError('No Debian mirror is set up on this machine.')
  return mirror
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {{ cwd?: string, env?: NodeJS.ProcessEnv }} [options]
 */
function run(command, args, options = {}) {
  const { status, stdout, stderr, error } = spawnSync(command, args, { ...options, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (status === 0) return
  const why = error?.message ?? `${stdout}\n${stderr}`.trim().split('\n').slice(-12).join('\n')
  throw new PlainError(`The native test board could not be built: ${command} failed.\n${why}`)
}
