import net from 'node:net'

/** Below those that the system hands out by itself, to whoever asks for any: none of these is taken between the look and its use. */
const FIRST = 20_000
const COUNT = 12_000

/** A port that nobody listens on. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST + Math.floor(Math.random() * COUNT)
    if (await isFree(port)) return port
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = net.createServer()
  const isBound = await new Promise<boolean>(resolve => {
    server.once('error', () => resolve(false))
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => resolve(true))
  })
  if (isBound) await new Promise(resolve => server.close(resolve))
  return isBound
}
