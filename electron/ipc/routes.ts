import type * as z from 'zod'
import type { CommandInput, CommandName, CommandOutput } from '../../shared/contract'

/** One callable name: what its input must look like, and what is done with it. */
export interface Route {
  /** Checks the input and answers the call, or says what is wrong with the input. Rejects as the handler does. */
  answer(input: unknown): Promise<{ readonly valid: true; readonly value: unknown } | { readonly valid: false; readonly problem: string }>
}

export type Handler<Input, Output> = (input: Input) => Output | Promise<Output>

/** A handler for every command of some topics: `HandlersOf<'ports'>` has `ports:list`, `ports:add` and `ports:remove`. */
export type HandlersOf<Topic extends string> = {
  readonly [N in Extract<CommandName, `${Topic}:${string}`>]: Handler<CommandInput<N>, CommandOutput<N>>
}

export type Handlers = { readonly [N in CommandName]: Handler<CommandInput<N>, CommandOutput<N>> }

const PROBLEM_MAX_CHARS = 200

/** The handler gets what the schema returned: a copy with the schema's keys and no others. */
export function route<Input, Output>(schema: z.ZodType<Input>, handle: Handler<Input, Output>): Route {
  return {
    async answer(input) {
      const parsed = schema.safeParse(input)
      if (!parsed.success) return { valid: false, problem: describeProblem(parsed.error) }
      return { valid: true, value: await handle(parsed.data) }
    },
  }
}

/** The first problem, with its place; keys in it came from the page, so it is cut to a size that can be shown. */
function describeProblem(error: z.ZodError): string {
  const [issue] = error.issues
  if (issue === undefined) return 'the input has the wrong form'
  const place = issue.path.length > 0 ? `"${issue.path.join('.')}": ` : ''
  return `${place}${issue.message}`.slice(0, PROBLEM_MAX_CHARS)
}
