import net, { type AddressInfo } from 'node:net'

/** A port that nobody listens on. The system hands them out in turn, so that it is not taken again at once. */
export async function freePort(): Promise<number> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise(resolve => server.close(resolve))
  return port
}
