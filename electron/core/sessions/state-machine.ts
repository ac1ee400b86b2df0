/** One way from some states to another. */
export interface Transition<State extends string, Trigger extends string> {
  readonly from: readonly State[]
  readonly trigger: Trigger
  readonly to: State
}

/** A state that changes only by the rows of a table. */
export class StateMachine<State extends string, Trigger extends string> {
  constructor(
    private readonly what: string,
    private readonly table: readonly Transition<State, Trigger>[],
    private current: State,
    /** The state that accepts nothing any more. */
    private readonly end: State,
  ) {}

  get state(): State {
    return this.current
  }

  /**
   * Takes the row for this trigger. Returns false in the end state, where everything is ignored: late news of a thing
   * that is gone is no error. Anywhere else a trigger without a row is a defect, and throws.
   */
  fire(trigger: Trigger): boolean {
    if (this.current === this.end) return false
    const row = this.table.find(candidate => candidate.trigger === trigger && candidate.from.includes(this.current))
    if (row === undefined) throw new Error(`A ${this.what} in state ${this.current} has no transition for "${trigger}".`)
    this.current = row.to
    return true
  }
}
