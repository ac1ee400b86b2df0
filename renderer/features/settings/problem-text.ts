import type { ConfigProblem } from '../../../shared/model'

type Problem = Pick<ConfigProblem, 'key' | 'message'>

/** What is wrong, where its key stands beside it already. */
export function withoutKey({ key, message }: Problem): string {
  return key !== null && message.startsWith(`${key} `) ? message.slice(key.length + 1) : message
}

/** The same as a sentence of its own. */
export function problemSentence(problem: Problem): string {
  const text = withoutKey(problem)
  return text.charAt(0).toUpperCase() + text.slice(1)
}
