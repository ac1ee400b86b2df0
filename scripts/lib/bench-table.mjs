/** What `npm run bench` prints for people. */
import { formatColumns } from './test-report.mjs'

/** @typedef {import('../../test/bench/figures').Result} Result */
/** @typedef {import('../../test/bench/figures').Peer} Peer */

/**
 * A row for each figure; under it, one for each tool that was measured with it.
 * @param {{ board: { loadBefore: readonly number[], loadAfter: readonly number[], cores: number, processor: string }, results: readonly Result[] }} about
 */
export function formatBench({ board, results }) {
  const rows = results.flatMap(result => [rowOf(result), ...Object.entries(result.peers).map(([name, peer]) => peerRow(name, peer))])
  const load = (/** @type {readonly number[]} */ average) => (average[0] ?? 0).toFixed(2)
  return [
    ...formatColumns([['what', 'median', 'spread', 'rounds', 'target', '', ''], ...rows], [1, 2, 3, 4]),
    '',
    `Spread: the largest round less the smallest. ${board.cores} cores, ${board.processor}; load ${load(board.loadBefore)} before, ${load(board.loadAfter)} after.`,
  ].join('\n')
}

/** @param {Result} result */
function rowOf({ name, value, unit, target, bound, met, spread, runs, note = '' }) {
  return [
    name,
    value === null ? '–' : `${value} ${unit}`,
    spread === null ? '' : String(spread),
    runs.length === 0 ? '' : String(runs.length),
    target === null ? '' : `${bound === 'at most' ? '≤' : '≥'} ${target}`,
    verdictOf(value, met),
    note,
  ]
}

/**
 * @param {number | null} value
 * @param {boolean | null} met
 */
function verdictOf(value, met) {
  if (met === null) return ''
  if (value === null) return 'not measured'
  return met ? 'met' : 'missed'
}

/**
 * @param {string} name
 * @param {Peer} peer
 */
function peerRow(name, peer) {
  if ('failure' in peer) return [`  ${name}`, '–', '', '', '', '', peer.failure]
  const { value, unit, spread, runs, p95, p99, note } = peer
  const tail = [p95 === undefined ? '' : `p95 ${p95}`, p99 === undefined ? '' : `p99 ${p99}`, note ?? ''].filter(text => text !== '')
  return [`  ${name}`, `${value} ${unit}`, String(spread), String(runs), '', '', tail.join(', ')]
}
