/** Milliseconds of processor time that this process has had so far: what else the machine does hardly shows in it. */
export function processorMs(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1_000
}
