import type { ErrorInfo } from '../../../shared/errors'
import type { FileProof, Transfer, TransferFile } from '../../../shared/model'
import { isFileEnded, isTransferEnded } from '../../stores/transfer-list'
import { formatDuration, formatPlural } from '../../ui/format'
import { formatSize } from './file-rows'

/** What is said of a file or a transfer, and how it looks: shape, word and colour say the same. */
export interface TransferText {
  readonly text: string
  /** All of it, where the line has no room. */
  readonly title?: string
  readonly tone: 'normal' | 'run' | 'ok' | 'warn' | 'bad'
  readonly shape: 'toBoard' | 'fromBoard' | 'waiting' | 'verifying' | 'proved' | 'unproved' | 'same' | 'removed' | 'failed' | 'cancelled'
}

export function describeFile(file: TransferFile, transfer: Transfer, isBoardAway = false): TransferText {
  const { state, bytes, doneBytes, replacesBytes, retries } = file
  const again = retries > 0 ? `${formatPlural(retries, 'chunk')} sent again` : null
  switch (state) {
    case 'waiting': {
      const here = doneBytes > 0 ? `${formatSize(doneBytes)} of ${formatSize(bytes)}` : null
      if (transfer.state === 'asking' && transfer.questions.includes(file.index)) {
        return { text: line('waits for your answer', replaces(replacesBytes)), tone: 'warn', shape: 'waiting' }
      }
      return {
        text: line(isBoardAway ? 'waits for the board' : 'waiting', here, replaces(replacesBytes)),
        tone: 'normal',
        shape: 'waiting',
      }
    }
    case 'copying': {
      const rate = transfer.bytesPerSecond
      return {
        text: line(
          `${formatSize(doneBytes)} of ${formatSize(bytes)}`,
          rate === null ? null : `${formatSize(rate)}/s`,
          rate === null || rate <= 0 ? null : timeLeft((bytes - doneBytes) / rate),
          resumed(file),
          again,
        ),
        tone: 'run',
        shape: transfer.direction,
      }
    }
    case 'verifying':
      return { text: line('verifying', formatSize(bytes)), tone: 'run', shape: 'verifying' }
    case 'done':
      return {
        text: line(proofText(file.proof), timing(file), resumed(file), again),
        tone: file.proof === 'size' || file.proof === null ? 'warn' : 'ok',
        shape: file.proof === 'size' || file.proof === null ? 'unproved' : 'proved',
      }
    case 'skipped':
      return { text: file.proof === null ? 'left as it is' : `${sameText(file.proof)}, not copied`, tone: 'normal', shape: 'same' }
    case 'removed':
      return { text: 'removed', tone: 'normal', shape: 'removed' }
    case 'failed': {
      const cause = causeOf(file.error)
      const there = progressed(file)
      return {
        text: there === null ? cause : line(cause.replace(/\.$/, ''), there),
        ...(file.error === null ? {} : { title: [file.error.message, file.error.hint].filter(Boolean).join(' ') }),
        tone: 'bad',
        shape: 'failed',
      }
    }
    case 'cancelled':
      return { text: line('cancelled', progressed(file)), tone: 'normal', shape: 'cancelled' }
  }
}

export function describeTransfer(transfer: Transfer, files: readonly TransferFile[], isBoardAway = false): TransferText {
  const { state, direction, fileCount, totalBytes, doneBytes, bytesPerSecond, secondsLeft, questions } = transfer
  const ended = files.filter(file => isFileEnded(file.state)).length
  const progress = `${ended} of ${formatPlural(fileCount, 'file')}`
  const amount = `${formatSize(doneBytes)} of ${formatSize(totalBytes)}`
  const isPlanned = fileCount > 0
  switch (state) {
    case 'planning':
      return { text: 'counting and comparing files', tone: 'run', shape: 'verifying' }
    case 'asking':
      return {
        text: line('waits for your answer', `${formatPlural(questions.length, 'file')} would be replaced`),
        tone: 'warn',
        shape: 'waiting',
      }
    case 'waiting':
      return {
        text: line(isBoardAway ? 'waits for the board' : 'waiting', ...(isPlanned ? [progress, amount] : [])),
        tone: 'normal',
        shape: 'waiting',
      }
    case 'running':
      return {
        text: line(
          progress,
          amount,
          bytesPerSecond === null ? null : `${formatSize(bytesPerSecond)}/s`,
          secondsLeft === null ? null : timeLeft(secondsLeft),
        ),
        tone: 'run',
        shape: direction,
      }
    case 'done': {
      const unproved = files.some(file => file.state === 'done' && (file.proof === 'size' || file.proof === null))
      return {
        text: line(countsText(files), unproved ? 'some verified by size only' : null, formatSize(totalBytes)),
        tone: unproved ? 'warn' : 'ok',
        shape: unproved ? 'unproved' : 'proved',
      }
    }
    case 'failed':
      return { text: line(transfer.error?.message ?? null, countsText(files)) || 'failed', tone: 'bad', shape: 'failed' }
    case 'cancelled':
      return { text: line('cancelled', countsText(files)), tone: 'normal', shape: 'cancelled' }
  }
}

/** `12 copied, 3 the same, 1 failed`: only what there is. */
export function countsText(files: readonly TransferFile[]): string {
  const count = (state: TransferFile['state']): number => files.filter(file => file.state === state).length
  const parts: readonly (readonly [number, string])[] = [
    [count('done'), 'copied'],
    [count('skipped'), 'skipped'],
    [count('removed'), 'removed'],
    [count('failed'), 'failed'],
    [count('cancelled'), 'cancelled'],
  ]
  return parts
    .filter(([number]) => number > 0)
    .map(([number, word]) => `${number} ${word}`)
    .join(', ')
}

/** One line over all there is: what is left, or what came of it. */
export function totalText(transfers: readonly Transfer[], filesOf: (transferId: string) => readonly TransferFile[]): string {
  const active = transfers.filter(({ state }) => !isTransferEnded(state))
  if (active.length === 0) return countsText(transfers.flatMap(({ transferId }) => filesOf(transferId)))
  const files = active.flatMap(({ transferId }) => filesOf(transferId))
  const sum = (of: (transfer: Transfer) => number | null): number => active.reduce((total, transfer) => total + (of(transfer) ?? 0), 0)
  const rate = sum(transfer => (transfer.state === 'running' ? transfer.bytesPerSecond : null))
  const total = sum(({ totalBytes }) => totalBytes)
  const done = sum(({ doneBytes }) => doneBytes)
  const count = sum(({ fileCount }) => fileCount)
  const only = active.length === 1 ? active[0] : undefined
  const seconds = only?.secondsLeft ?? (rate > 0 ? (total - done) / rate : null)
  return line(
    `${files.filter(file => isFileEnded(file.state)).length} of ${formatPlural(count, 'file')}`,
    `${formatSize(done)} of ${formatSize(total)}`,
    rate > 0 ? `${formatSize(rate)}/s` : null,
    seconds === null ? null : timeLeft(seconds),
  )
}

export function proofText(proof: FileProof | null): string {
  switch (proof) {
    case 'sha256':
    case 'crc32':
      return `verified by ${proof}`
    case 'readBack':
      return 'read back and compared'
    case 'size':
      return 'verified by size only'
    case null:
      return 'copied, not verified'
  }
}

/** `1 s left`, `3 min left`. Never less than a second: nothing has ended before it has. */
export function timeLeft(seconds: number): string {
  const whole = Math.max(1, Math.ceil(seconds))
  if (whole < 60) return `${whole} s left`
  if (whole < 3_600) return `${Math.ceil(whole / 60)} min left`
  return `${Math.floor(whole / 3_600)} h ${Math.ceil((whole % 3_600) / 60)} min left`
}

export function line(...parts: readonly (string | null)[]): string {
  return parts.filter(part => part !== null && part !== '').join(' · ')
}

function sameText(proof: FileProof): string {
  if (proof === 'size') return 'as large as before'
  return proof === 'readBack' ? 'the same, read and compared' : `the same by ${proof}`
}

/** The line names the file already: of `Writing /a.bin on … failed: there is no room.`, the end is what is new. */
function causeOf(error: ErrorInfo | null): string {
  if (error === null) return 'failed'
  const cause = / failed: (.+)$/s.exec(error.message)?.[1]
  return cause === undefined ? error.message : `${cause.charAt(0).toUpperCase()}${cause.slice(1)}`
}

function replaces(bytes: number | null): string | null {
  return bytes === null ? null : `replaces ${formatSize(bytes)}`
}

function resumed({ resumedAtBytes }: TransferFile): string | null {
  return resumedAtBytes > 0 ? `resumed at ${formatSize(resumedAtBytes)}` : null
}

function timing({ bytes, durationMs }: TransferFile): string {
  return durationMs === null ? formatSize(bytes) : `${formatSize(bytes)} in ${formatShort(durationMs)}`
}

/** A tenth of a millisecond says nothing about a copy. */
function formatShort(durationMs: number): string {
  return durationMs < 1_000 ? `${Math.max(1, Math.round(durationMs))} ms` : formatDuration(durationMs)
}

function progressed({ doneBytes, bytes }: TransferFile): string | null {
  return doneBytes > 0 && doneBytes < bytes ? `${formatSize(doneBytes)} of ${formatSize(bytes)} were there` : null
}
