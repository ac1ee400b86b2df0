import { type ErrorReason, MusterError } from '../../../../shared/errors'
import { FILTERS_MAX } from '../../../../shared/limits'

/** Whose chain an error speaks of. */
export interface ChainSubject {
  readonly sessionId: string
  /** Board and port as a person says them: `the board on /dev/ttyACM0`. */
  readonly name: string
}

function filterError(subject: ChainSubject, reason: ErrorReason, message: string, hint?: string, cause?: unknown): MusterError {
  return new MusterError(
    { code: 'FilterError', reason, message, ...(hint !== undefined && { hint }), sessionId: subject.sessionId },
    { cause },
  )
}

export function unknownFilterType(type: string, known: readonly string[]): MusterError {
  return new MusterError({
    code: 'FilterError',
    reason: 'unknown-filter',
    message: `There is no filter type '${shown(type)}'.`,
    hint: `Choose one of ${known.join(', ')}.`,
  })
}

export function badFilterSetting(message: string): MusterError {
  return new MusterError({ code: 'InvalidArgument', message })
}

export function noSuchFilter(subject: ChainSubject, filterName: string): MusterError {
  return filterError(
    subject,
    'unknown-filter',
    `The chain of ${subject.name} has no filter named '${shown(filterName)}'.`,
    'Look at the chain again: it may have been changed.',
  )
}

export function duplicateName(subject: ChainSubject, filterName: string): MusterError {
  return filterError(
    subject,
    'duplicate-name',
    `The chain of ${subject.name} already has a filter named '${shown(filterName)}'.`,
    'Give the filter another name.',
  )
}

export function tooManyFilters(subject: ChainSubject): MusterError {
  return new MusterError({
    code: 'InvalidArgument',
    message: `The chain of ${subject.name} has ${FILTERS_MAX} filters, which is as many as it can hold.`,
    hint: 'Remove a filter first.',
    sessionId: subject.sessionId,
  })
}

export function typeMismatch(subject: ChainSubject, problem: string): MusterError {
  return filterError(
    subject,
    'type-mismatch',
    `The chain of ${subject.name} can't be built like this: ${problem}`,
    'Choose another place for it.',
  )
}

/** `doing` completes "failed while …". */
export function hookFailed(subject: ChainSubject, filterName: string, doing: string, cause: unknown): MusterError {
  return filterError(
    subject,
    'hook-failed',
    `The filter '${shown(filterName)}' of ${subject.name} failed while ${doing}: ${reasonOf(cause)}`,
    undefined,
    cause,
  )
}

/** A filter threw while a message went through it. */
export function filterThrew(subject: ChainSubject, filterName: string, cause: unknown): MusterError {
  return filterError(
    subject,
    'hook-failed',
    `The filter '${shown(filterName)}' of ${subject.name} failed on a message: ${reasonOf(cause)}`,
    'Remove or replace the filter.',
    cause,
  )
}

export function chainBusy(subject: ChainSubject): MusterError {
  return filterError(
    subject,
    'timeout',
    `The chain of ${subject.name} was not changed: messages were still on their way through it.`,
    'Try again when less is going on.',
  )
}

/** The chain has ended with its session. */
export function chainEnded(subject: ChainSubject): MusterError {
  return new MusterError({
    code: 'SessionNotReady',
    reason: 'session-closed',
    message: `The session with ${subject.name} is closed, and its filters with it.`,
    hint: 'Open the port again.',
    sessionId: subject.sessionId,
  })
}

/** As a sentence's end: with its full stop. */
function reasonOf(cause: unknown): string {
  const text = cause instanceof Error ? cause.message : String(cause)
  return /[.!?]$/.test(text) ? text : `${text}.`
}

/** Names come from a page: only so much of one is repeated. */
function shown(name: string): string {
  return name.length <= 64 ? name : `${name.slice(0, 64)}…`
}
