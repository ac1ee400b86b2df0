import { createServer, type Server } from 'node:http'

/** A server of this computer that counts what it is asked for and sends everybody on. */
export async function withServer<T>(work: (origin: string, requests: readonly string[]) => Promise<T>): Promise<T> {
  const requests: string[] = []
  const server: Server = createServer((request, response) => {
    requests.push(request.url ?? '')
    if (request.url === '/redirect') response.writeHead(302, { Location: '/landed' }).end()
    else response.writeHead(200, { 'Content-Type': 'text/html' }).end('<h1>elsewhere</h1>')
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  try {
    return await work(`http://127.0.0.1:${port}`, requests)
  } finally {
    server.closeAllConnections()
    await new Promise(resolve => server.close(resolve))
  }
}
