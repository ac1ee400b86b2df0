import type { HistoryEntry } from '../../shared/model'

export type HistoryFormat = 'jsonl' | 'csv'

/** Lines that are written at once. */
const CHUNK_LINES = 256

const COLUMNS = [
  'seq',
  'at',
  'type',
  'tone',
  'sessionId',
  'dataSource',
  'board',
  'port',
  'text',
  'data',
] as const satisfies readonly (keyof HistoryEntry)[]

/** The entries as a file, oldest first: one JSON object a line, or comma-separated values as RFC 4180 has them. */
export function historyFile(entries: readonly HistoryEntry[], format: HistoryFormat): readonly Uint8Array[] {
  const lines =
    format === 'jsonl' ? entries.map(entry => `${JSON.stringify(entry)}\n`) : [`${COLUMNS.join(',')}\r\n`, ...entries.map(csvLine)]
  const chunks: Uint8Array[] = []
  for (let from = 0; from < lines.length; from += CHUNK_LINES) chunks.push(Buffer.from(lines.slice(from, from + CHUNK_LINES).join('')))
  return chunks
}

function csvLine(entry: HistoryEntry): string {
  return `${COLUMNS.map(column => csvCell(column === 'at' ? new Date(entry.at).toISOString() : entry[column])).join(',')}\r\n`
}

function csvCell(value: HistoryEntry[(typeof COLUMNS)[number]]): string {
  if (value === null) return ''
  if (typeof value === 'number') return String(value)
  const text = typeof value === 'string' ? value : JSON.stringify(value)
  // A board may call itself anything; a spreadsheet would take such a text for a formula.
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless
}
