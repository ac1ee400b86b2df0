import { Checks } from './session-model-checks'
import { Deeds } from './session-model-deeds'
import type { Step } from './session-model-steps'
import { World } from './session-model-world'

/** Does the steps to a new world. Returns what happened in it. */
export async function live(steps: readonly Step[]): Promise<readonly string[]> {
  const world = new World()
  const deeds = new Deeds(world)
  const checks = new Checks(world)
  await deeds.begin()
  for (const next of steps) {
    await deeds.do(next)
    checks.check()
  }
  await checks.checkEnd()
  const { events, protocols } = world.bench
  const done = protocols.made.flatMap(({ controls }) => controls.map(control => `did ${control}`))
  const told = events.flatMap(({ interrupt, notice }) => [interrupt && `rung ${interrupt.rung}`, notice && `notice ${notice.kind}`])
  return [...world.bench.story(), ...done, ...told.filter(line => line !== undefined)]
}
