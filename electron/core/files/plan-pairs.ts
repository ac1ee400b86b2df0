import type { MusterError } from '../../../shared/errors'
import type { TransferDirection } from '../../../shared/model'
import { isPartName } from '../../../shared/part-name'
import { boardPathProblem, joinBoardPath } from './board-paths'
import { fileFailed, quoted } from './file-errors'
import { foldCase, foldersAbove, localKey, nameProblem, type Platform } from './local-names'
import type { Side, SideFile } from './plan-sides'

/** A file at the near end, and what is of its name at the far end. */
export interface Pair {
  readonly name: string
  readonly boardPath: string
  readonly bytes: number
  readonly source: SideFile | null
  /** Null: nothing is there. */
  readonly far: SideFile | null
  /** It can't be copied at all. */
  readonly refusal: MusterError | null
  /** Another file of the transfer may have the same name for the board: whatever is there when its turn comes may be that one. */
  readonly hasTwin: boolean
}

export interface Pairing {
  /** By name. */
  readonly pairs: readonly Pair[]
  /** On the far side only, by name. */
  readonly strays: readonly { readonly name: string; readonly boardPath: string; readonly bytes: number | null }[]
  /** At the far end, a folder before what is in it. */
  readonly missingFolders: readonly string[]
  /** At the far end only, the deepest first. */
  readonly strayFolders: readonly string[]
}

export interface PairingRules {
  readonly direction: TransferDirection
  readonly boardFolder: string
  readonly platform: Platform
  /** To the board, `A` and `a` are the same name. */
  readonly boardFoldsCase: boolean
}

/** Pure: two sides, matched by name. */
export function pairSides(near: Side, far: Side, rules: PairingRules): Pairing {
  const { direction, boardFolder, platform, boardFoldsCase } = rules
  const isDownload = direction === 'fromBoard'
  // Most boards tell `A` from `a`, most computers do not.
  const keyOf = (name: string): string => (isDownload ? localKey(name, platform) : boardFoldsCase ? foldCase(name) : name)
  const farFiles = new Map([...far.files].map(([name, file]) => [keyOf(name), file]))
  const farFolders = new Set([...far.folders].map(keyOf))
  const farOthers = new Set([...far.others].map(keyOf))
  const taken = new Map<string, string>()
  const refuse = (name: string): MusterError | null => {
    const problem = isDownload ? localProblem(name, platform) : boardPathProblem(joinBoardPath(boardFolder, name))
    if (problem !== null)
      return fileFailed('bad-file-name', `${quoted(name)} can’t be ${isDownload ? 'on this computer' : 'on a board'}: it ${problem}.`)
    const key = keyOf(name)
    const first = taken.get(key)
    if (first !== undefined)
      return fileFailed(
        'bad-file-name',
        `To this ${isDownload ? 'computer' : 'board'}, ${quoted(name)} and ${quoted(first)} are the same name.`,
      )
    taken.set(key, name)
    if (farFolders.has(key)) return fileFailed('is-a-folder', `A folder of the name ${quoted(name)} is there.`)
    const above = foldersAbove(key)
    const inTheWay = above.find(folder => farFiles.has(folder))
    if (inTheWay !== undefined) return fileFailed('not-a-folder', `A file stands where the folder ${quoted(inTheWay)} should be.`)
    const link = [...above, key].find(folder => farOthers.has(folder))
    return link === undefined ? null : fileFailed('local-file', `${quoted(link)} is a link or a device, and is left alone.`)
  }
  const folded = new Map<string, number>()
  for (const name of near.files.keys()) folded.set(foldCase(name), (folded.get(foldCase(name)) ?? 0) + 1)
  const pairs = [...near.files].sort(byName).map(([name, source]): Pair => {
    const refusal = refuse(name)
    return {
      name,
      boardPath: joinBoardPath(boardFolder, name),
      bytes: source.bytes ?? 0,
      source,
      far: farFiles.get(keyOf(name)) ?? null,
      refusal,
      hasTwin: !isDownload && (folded.get(foldCase(name)) ?? 0) > 1,
    }
  })
  const refused = [...near.refused].map(([name, refusal]): Pair => {
    return { name, boardPath: joinBoardPath(boardFolder, name), bytes: 0, source: null, far: null, refusal, hasTwin: false }
  })
  const nearKeys = new Set([...near.files.keys()].map(keyOf))
  const nearFolders = new Set([...near.folders].map(keyOf))
  /** Something is there at the near end, although it is not copied: what is there at the far end is no stray. */
  const nearOthers = new Set([...near.others].map(keyOf))
  const isSpared = (key: string): boolean => [...foldersAbove(key), key].some(part => nearOthers.has(part))
  const strays = [...far.files]
    .filter(([name]) => !nearKeys.has(keyOf(name)) && !isSpared(keyOf(name)))
    .sort(byName)
    .map(([name, { bytes }]) => ({ name, boardPath: joinBoardPath(boardFolder, name), bytes }))
  const strayFolders = [...far.folders].filter(name => !nearFolders.has(keyOf(name)) && !isSpared(keyOf(name)))
  const missingFolders = [...near.folders].filter(name => {
    return (
      !farFolders.has(keyOf(name)) &&
      (isDownload ? localProblem(name, platform) : boardPathProblem(joinBoardPath(boardFolder, name))) === null
    )
  })
  return {
    pairs: [...pairs, ...refused],
    strays,
    missingFolders: missingFolders.sort(),
    strayFolders: strayFolders.sort().reverse(),
  }
}

/**
 * A name at the near end that differs from one at the far end in nothing but its case. Null for none: then it makes no difference whether
 * the far end tells case.
 */
export function findCaseTwin(near: Side, far: Side): string | null {
  const there = new Set([...far.files.keys(), ...far.folders])
  const folded = new Set([...there].map(foldCase))
  return [...near.files.keys(), ...near.folders].find(name => !there.has(name) && folded.has(foldCase(name))) ?? null
}

function localProblem(relative: string, platform: Platform): string | null {
  for (const name of relative.split('/')) {
    const problem = nameProblem(name, platform)
    if (problem !== null) return `has ${problem}`
  }
  return isPartName(relative) ? 'has a name that Muster keeps for what is on its way' : null
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1
}
