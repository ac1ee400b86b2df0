import { expect, test } from './harness/test'

/** What a hostile board may print, as MicroPython writes it. */
const HOSTILE = [
  `print('<img src=x id="injected" onerror="window.broken=1"><script>window.broken=2</script>')`,
  // Clipboard, title, link, a report that answers itself, and a window command.
  `print('\\x1b]52;c;Y2xpcGJvYXJk\\x07')`,
  `print('\\x1b]0;another title\\x07\\x1b]2;another title\\x1b\\\\')`,
  `print('\\x1b]8;;https://example.invalid/\\x1b\\\\a link\\x1b]8;;\\x1b\\\\')`,
  `print('https://example.invalid/plain')`,
  `print('\\x1b[6n\\x1b[c\\x1b[>c\\x1b]10;?\\x07\\x1bP$q"p\\x1b\\\\')`,
  `print('\\x1b[8;5;5t\\x1b[22t\\x1b[?1000h\\x1b[?1049h')`,
  `print('x' * 300000)`,
  `print('\\nthe end')`,
].join('\n')

test('what a board prints stays text (security row 17)', async ({ launch }) => {
  const { app, page } = await launch()
  await app.evaluate(({ clipboard, shell }) => {
    clipboard.writeText('mine')
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    Object.assign(shell, { openExternal: async (url: string) => void opened.push(url) })
  })
  const title = await page.title()
  const result = await page.evaluate(async code => {
    const started = await window.muster?.call('simulated:start', { count: 1 })
    const port = started?.ok ? started.value.ports[0]?.path : undefined
    const session = await window.muster?.call('sessions:open', { port: port ?? '' })
    if (session?.ok !== true) throw new Error(JSON.stringify(session))
    return await window.muster?.call('sessions:exec', { sessionId: session.value.sessionId, code })
  }, HOSTILE)
  expect(result).toMatchObject({ ok: true, value: { outcome: 'ok' } })
  await expect.poll(() => page.evaluate(() => document.body.textContent)).toContain('the end')

  expect(await page.evaluate(() => [document.getElementById('injected'), Reflect.get(window, 'broken')])).toEqual([null, undefined])
  expect(await page.title()).toBe(title)
  expect(await app.evaluate(({ clipboard }) => clipboard.readText())).toBe('mine')
  expect(
    await page.evaluate(() => [...document.querySelectorAll('a[href]')].filter(link => !link.getAttribute('href')?.startsWith('#')).length),
  ).toBe(0)
  // Whatever looks like a link is clicked, as a user would.
  for (const text of ['a link', 'https://example.invalid/plain']) {
    const found = page.getByText(text, { exact: false }).first()
    if (await found.isVisible().catch(() => false)) await found.click({ modifiers: ['ControlOrMeta'] })
  }
  expect(await app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)).toEqual([])
  expect(page.url()).toBe('muster://app/index.html')
})
