import type { HistoryEntry } from '../../../shared/model'
import { EVENT_LABELS } from './event-types'

/** One line for the clipboard: a time that can be sorted, the type, the board, the sentence. */
export function entryLine({ at, type, board, port, text }: HistoryEntry): string {
  return [new Date(at).toISOString(), EVENT_LABELS[type], board, port, text].filter(part => part !== '').join('\t')
}

export function copyEntry(entry: HistoryEntry): Promise<void> {
  return navigator.clipboard.writeText(entryLine(entry))
}
