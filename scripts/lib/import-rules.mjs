/**
 * Which folder may import what. The rule of a file is that of the longest folder it lies in; a folder without a rule may
 * import anything. Biome checks what one file alone shows; this checks what needs to know where an import leads.
 */
import path from 'node:path'
import { parseSync } from 'vite'

/**
 * @typedef {object} Rule
 * @property {readonly string[]} folders folders and files of the project that may be imported, besides the own one
 * @property {boolean | readonly string[]} packages whether packages may be imported, or which ones may not
 * @property {boolean} node whether Node's own modules may be imported
 * @property {readonly string[]} [never] exceptions within `folders` and within the own folder
 */

const NOT_IN_CORE = ['electron']
const NOT_IN_PAGE = ['electron', 'electron-log', 'serialport', 'zod', 'prom-client', '@micropython/micropython-webassembly-pyscript']

/** @type {Readonly<Record<string, Rule>>} */
const RULES = {
  shared: { folders: [], packages: false, node: false },
  'electron/core': { folders: ['shared'], packages: NOT_IN_CORE, node: true },
  'electron/core/base': { folders: ['shared'], packages: false, node: true },
  'electron/core/transport': { folders: ['shared', 'electron/core/base'], packages: NOT_IN_CORE, node: true },
  'electron/core/micropython': { folders: ['shared', 'electron/core/base', 'electron/core/transport'], packages: NOT_IN_CORE, node: true },
  'electron/ipc': { folders: ['shared', 'electron/core'], packages: true, node: true },
  'electron/shell': { folders: ['shared', 'electron/core', 'electron/ipc', 'package.json'], packages: true, node: true },
  'electron/preload': { folders: ['shared'], packages: NOT_IN_PAGE.filter(name => name !== 'electron'), node: false },
  electron: { folders: ['shared'], packages: true, node: true },
  renderer: { folders: ['shared'], packages: NOT_IN_PAGE, node: false },
  'renderer/bridge': { folders: ['shared'], packages: NOT_IN_PAGE, node: false },
  'renderer/ui': { folders: ['shared', 'renderer'], never: ['renderer/features'], packages: NOT_IN_PAGE, node: false },
  'renderer/stores': { folders: ['shared', 'renderer'], never: ['renderer/features'], packages: NOT_IN_PAGE, node: false },
  'renderer/islands': { folders: ['shared', 'renderer'], never: ['renderer/features'], packages: NOT_IN_PAGE, node: false },
  'renderer/features': { folders: ['shared', 'renderer'], never: ['renderer/features'], packages: NOT_IN_PAGE, node: false },
}

/** The page's door to the outside, and the one folder that may use it. */
const BRIDGE = { global: 'muster', folder: 'renderer/bridge' }

/**
 * @param {string} file relative to the project's root, with forward slashes
 * @param {string} source
 * @returns {string[]} `file:line: what is wrong`
 */
export function findViolations(file, source) {
  const { program, errors } = parseSync(file, source, { lang: languageOf(file) })
  const found = errors.map(error => ({ at: 0, problem: `can't be read: ${error.message}` }))
  visit(program, node => {
    const specifier = importedBy(node)
    const problem = specifier === null ? null : judgeImport(file, specifier)
    if (problem !== null) found.push({ at: node.start, problem })
    if (isBridgeUse(node) && isBelow(file, 'renderer') && !isBelow(file, BRIDGE.folder)) {
      found.push({ at: node.start, problem: `only ${BRIDGE.folder} touches window.${BRIDGE.global}` })
    }
  })
  return found.map(({ at, problem }) => `${file}:${source.slice(0, at).split('\n').length}: ${problem}`)
}

/**
 * @param {string} file
 * @param {string} specifier
 * @returns {string | null}
 */
function judgeImport(file, specifier) {
  const home = Object.keys(RULES)
    .filter(folder => isBelow(file, folder))
    .sort((a, b) => b.length - a.length)[0]
  const rule = home === undefined ? undefined : RULES[home]
  if (home === undefined || rule === undefined) return null
  if (specifier.startsWith('.')) {
    const target = path.posix.join(path.posix.dirname(file), specifier)
    return mayImportFile(file, target, home, rule) ? null : `${home} may not import ${target}`
  }
  if (specifier.startsWith('node:')) return rule.node ? null : `${home} may not import Node's modules (${specifier})`
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
  if (rule.packages === true) return null
  if (rule.packages === false) return `${home} may not import packages (${name})`
  return rule.packages.includes(name) ? `${home} may not import ${name}` : null
}

/**
 * @param {string} file
 * @param {string} target
 * @param {string} home
 * @param {Rule} rule
 */
function mayImportFile(file, target, home, rule) {
  // Among features, a file's own folder is its feature.
  const own = rule.never?.includes(home)
    ? file
        .split('/')
        .slice(0, home.split('/').length + 1)
        .join('/')
    : home
  if (isBelow(target, own)) return true
  if (rule.never?.some(folder => isBelow(target, folder))) return false
  return rule.folders.some(folder => isBelow(target, folder))
}

/**
 * @param {string} location
 * @param {string} folder
 */
function isBelow(location, folder) {
  return location === folder || location.startsWith(`${folder}/`)
}

/** @typedef {{ type: string, start: number, [key: string]: unknown }} SyntaxNode */

/**
 * @param {SyntaxNode} node
 * @returns {string | null} what an import of any form names
 */
function importedBy(node) {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      return textOf(node.source)
    case 'TSExternalModuleReference':
      return textOf(node.expression)
    case 'CallExpression':
      return nameOf(node.callee) === 'require' && Array.isArray(node.arguments) ? textOf(node.arguments[0]) : null
    default:
      return null
  }
}

/**
 * @param {SyntaxNode} node
 * @returns {boolean} whether it is `window.muster` in any spelling, or takes it out of `window` by its name
 */
function isBridgeUse(node) {
  if (node.type === 'MemberExpression') return isGlobal(node.object) && keyOf(node) === BRIDGE.global
  if (node.type !== 'VariableDeclarator' || !isGlobal(node.init) || !isNode(node.id)) return false
  const { properties } = node.id
  return Array.isArray(properties) && properties.some(property => isNode(property) && nameOf(property.key) === BRIDGE.global)
}

/** @param {unknown} node */
function isGlobal(node) {
  return ['window', 'globalThis', 'self'].includes(nameOf(node) ?? '')
}

/** @param {SyntaxNode} node */
function keyOf(node) {
  return node.computed ? textOf(node.property) : nameOf(node.property)
}

/** @param {unknown} node */
function textOf(node) {
  return isNode(node) && typeof node.value === 'string' ? node.value : null
}

/** @param {unknown} node */
function nameOf(node) {
  return isNode(node) && typeof node.name === 'string' ? node.name : null
}

/**
 * @param {unknown} value
 * @returns {value is SyntaxNode}
 */
function isNode(value) {
  return typeof value === 'object' && value !== null && 'type' in value
}

/**
 * @param {unknown} value
 * @param {(node: SyntaxNode) => void} act
 */
function visit(value, act) {
  if (isNode(value)) act(value)
  for (const child of Object.values(value ?? {})) if (typeof child === 'object') visit(child, act)
}

/** @param {string} file */
function languageOf(file) {
  if (file.endsWith('.tsx')) return 'tsx'
  return /\.[cm]?ts$/.test(file) ? 'ts' : 'js'
}
