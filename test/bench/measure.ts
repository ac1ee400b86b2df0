/** What one thing costs: the median of all runs, and how far they lie apart. */
export interface Result {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** At most this. */
  readonly target: number
  readonly met: boolean
  /** The largest run less the smallest. */
  readonly spread: number
  readonly runs: readonly number[]
}

export async function measure(
  name: string,
  { unit, target, runs }: { readonly unit: string; readonly target: number; readonly runs: number },
  run: () => Promise<number>,
): Promise<Result> {
  const values: number[] = []
  for (let number = 0; number < runs; number++) values.push(await run())
  const sorted = [...values].sort((one, two) => one - two)
  const value = round(sorted[sorted.length >> 1] ?? Number.NaN)
  const spread = round((sorted.at(-1) ?? 0) - (sorted[0] ?? 0))
  return { name, value, unit, target, met: value <= target, spread, runs: values.map(round) }
}

function round(value: number): number {
  return Number(value.toPrecision(3))
}
