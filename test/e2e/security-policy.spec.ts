import { expect, test } from './harness/test'
import { REFUSALS } from './support/refusals'

test('the content security policy holds (security row 5)', async ({ launch }) => {
  const muster = await launch()
  muster.allowErrors(REFUSALS)
  const attempt = (code: string, directive: string): Promise<string[]> =>
    muster.page.evaluate(
      async ([source, expected]) => {
        const violated: string[] = []
        const listen = (event: SecurityPolicyViolationEvent): void => void violated.push(event.effectiveDirective)
        document.addEventListener('securitypolicyviolation', listen)
        // Through the prototype of a function that the page has: what evaluates for the test is not what is tested.
        await new Promise(resolve => setTimeout(resolve, 0))
        const element = document.createElement('div')
        document.body.append(element)
        const attempts: Record<string, () => void> = {
          inlineScript() {
            const script = document.createElement('script')
            script.textContent = 'window.broken = "inline script"'
            element.append(script)
          },
          handler() {
            element.innerHTML = '<img src="data:image/x,none" onerror="window.broken = \'handler\'">'
          },
          evaluation() {
            setTimeout(() => {
              try {
                // biome-ignore lint/security/noGlobalEval: that it is refused is what is tested.
                eval('window.broken = "eval"')
              } catch {
                // Refused.
              }
            }, 0)
          },
          functionFromText() {
            setTimeout(() => {
              try {
                new Function('window.broken = "function"')()
              } catch {
                // Refused.
              }
            }, 0)
          },
          remoteScript() {
            const script = document.createElement('script')
            script.src = 'https://example.invalid/x.js'
            element.append(script)
          },
          dataScript() {
            const script = document.createElement('script')
            script.src = 'data:text/javascript,window.broken="data"'
            element.append(script)
          },
          inlineStyle() {
            const style = document.createElement('style')
            style.textContent = 'body { outline: 7px solid red }'
            element.append(style)
          },
          styleAttribute() {
            element.setAttribute('style', 'outline: 7px solid red')
          },
          remoteImage() {
            const image = document.createElement('img')
            image.src = 'https://example.invalid/x.png'
            element.append(image)
          },
          frame() {
            const frame = document.createElement('iframe')
            frame.src = 'muster://app/index.html'
            element.append(frame)
          },
          object() {
            const object = document.createElement('object')
            object.data = 'muster://app/index.html'
            element.append(object)
          },
          base() {
            const base = document.createElement('base')
            base.href = 'https://example.invalid/'
            element.append(base)
          },
          worker() {
            try {
              new Worker('data:text/javascript,postMessage(1)')
            } catch {
              // Refused.
            }
          },
          connection() {
            fetch('https://example.invalid/').catch(() => undefined)
          },
          socket() {
            try {
              new WebSocket('wss://example.invalid/')
            } catch {
              // Refused.
            }
          },
        }
        attempts[source]?.()
        await new Promise(resolve => setTimeout(resolve, 300))
        // Some are told by another process, which may be busy.
        for (const until = performance.now() + 5_000; !violated.includes(expected) && performance.now() < until; ) {
          await new Promise(resolve => setTimeout(resolve, 20))
        }
        document.removeEventListener('securitypolicyviolation', listen)
        element.remove()
        return violated
      },
      [code, directive] as const,
    )

  const expected: Record<string, string> = {
    inlineScript: 'script-src-elem',
    handler: 'script-src-attr',
    evaluation: 'script-src',
    functionFromText: 'script-src',
    remoteScript: 'script-src-elem',
    dataScript: 'script-src-elem',
    inlineStyle: 'style-src-elem',
    styleAttribute: 'style-src-attr',
    remoteImage: 'img-src',
    frame: 'frame-src',
    object: 'object-src',
    base: 'base-uri',
    worker: 'worker-src',
    connection: 'connect-src',
    socket: 'connect-src',
  }
  for (const [what, directive] of Object.entries(expected)) {
    await test.step(what, async () => expect(await attempt(what, directive)).toContain(directive))
  }
  expect(await muster.page.evaluate(() => Reflect.get(window, 'broken'))).toBeUndefined()
  expect(await muster.page.evaluate(() => getComputedStyle(document.body).outlineWidth)).not.toBe('7px')
})
