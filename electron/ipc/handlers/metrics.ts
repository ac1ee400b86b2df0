import type { HandlersOf } from '../routes'
import type { Services } from '../services'

export function createMetricsHandlers({ metrics }: Services): HandlersOf<'metrics'> {
  return {
    'metrics:text': () => metrics.text(),
    'metrics:snapshot': () => metrics.snapshot(),
  }
}
