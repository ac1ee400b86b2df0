import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { Muster } from './harness/launch'
import { expect, test } from './harness/test'
import { withServer } from './support/local-server'
import { REFUSALS } from './support/refusals'
import { withTemporaryFolder } from './support/temporary-folder'

const PAGE_URL = 'muster://app/index.html'

/** Puts a list in the place of the system's browser. */
async function collectOpened(muster: Muster): Promise<() => Promise<string[]>> {
  await muster.app.evaluate(({ shell }) => {
    const opened: string[] = []
    Object.assign(globalThis, { opened })
    Object.assign(shell, { openExternal: async (url: string) => void opened.push(url) })
  })
  return () => muster.app.evaluate(() => (globalThis as unknown as { opened: string[] }).opened)
}

test('the window stays on its page (security row 6)', async ({ launch }) => {
  const muster = await launch()
  muster.allowErrors(REFUSALS)
  const { app, page } = muster
  await page.evaluate(() => Reflect.set(window, 'sameDocument', true))
  const staysPut = async (): Promise<void> => {
    // Long enough for a navigation of this computer to have happened; none of them takes a tenth of it.
    await page.waitForTimeout(250)
    expect(page.url()).toBe(PAGE_URL)
    expect(await page.evaluate(() => [location.href, Reflect.get(window, 'sameDocument')])).toEqual([PAGE_URL, true])
  }

  await withServer(async (origin, requests) => {
    const attempts: Record<string, (target: string) => void> = {
      'a click on a link': target => {
        const link = document.createElement('a')
        link.href = target
        document.body.append(link)
        link.click()
        link.remove()
      },
      'an assignment': target => {
        location.href = target
      },
      'a replacement': target => location.replace(target),
      'a form': target => {
        const form = document.createElement('form')
        form.method = 'post'
        form.action = target
        document.body.append(form)
        form.submit()
        form.remove()
      },
    }
    for (const [what, attempt] of Object.entries(attempts)) {
      for (const target of [`${origin}/target`, 'file:///etc/hosts', 'https://micropython.org.evil.example/', 'muster://app/assets/x']) {
        await test.step(`${what} to ${target}`, async () => {
          await page.evaluate(attempt, target)
          await staysPut()
        })
      }
    }

    await test.step('a redirect', async () => {
      await app.evaluate(
        ({ BrowserWindow }, url) =>
          BrowserWindow.getAllWindows()[0]
            ?.loadURL(url)
            .catch(() => undefined),
        `${origin}/redirect`,
      )
      await staysPut()
      expect(requests).toEqual(['/redirect'])
    })
  })

  await test.step('an empty document, which it leaves again', async () => {
    await page.evaluate(() => {
      location.href = 'about:blank'
    })
    const state = (): Promise<unknown> => page.evaluate(() => [location.href, document.documentElement.dataset.ready]).catch(() => null)
    await expect.poll(state).toEqual([PAGE_URL, 'true'])
    await page.evaluate(() => Reflect.set(window, 'sameDocument', true))
  })

  await test.step('a dropped file', () =>
    withTemporaryFolder(async folder => {
      const file = path.join(folder, 'dropped.html')
      await writeFile(file, '<h1>dropped</h1>')
      const client = await page.context().newCDPSession(page)
      const data = { items: [], files: [file], dragOperationsMask: 1 }
      for (const type of ['dragEnter', 'dragOver', 'drop'] as const)
        await client.send('Input.dispatchDragEvent', { type, x: 400, y: 300, data })
      await staysPut()
    }))
})

test('no other window opens (security rows 7, 15)', async ({ launch }) => {
  const muster = await launch()
  const { app, page } = muster
  const opened = await collectOpened(muster)
  const results = await page.evaluate(() => [
    window.open('about:blank'),
    window.open('muster://app/index.html'),
    window.open('https://example.invalid/', '_blank', 'popup'),
  ])
  expect(results).toEqual([null, null, null])
  await page.evaluate(() => {
    const link = document.createElement('a')
    link.id = 'elsewhere'
    link.href = 'https://example.invalid/'
    link.target = '_blank'
    link.textContent = 'elsewhere'
    Object.assign(link.style, { position: 'fixed', top: '0', left: '0', zIndex: '99999', width: '100px', height: '40px' })
    document.body.append(link)
  })
  for (const options of [{}, { button: 'middle' }, { modifiers: ['Shift'] }, { modifiers: ['ControlOrMeta'] }] as const) {
    await page.click('#elsewhere', options as Parameters<typeof page.click>[1])
  }
  await page.evaluate(() => {
    const view = document.createElement('webview')
    view.setAttribute('src', 'https://example.invalid/')
    document.body.append(view)
  })
  await page.waitForTimeout(300)
  expect(
    await app.evaluate(({ BrowserWindow, webContents }) => [BrowserWindow.getAllWindows().length, webContents.getAllWebContents().length]),
  ).toEqual([1, 1])
  expect(app.windows()).toHaveLength(1)
  expect(await opened()).toEqual([])
})

test('only our own links reach the system browser (security row 8)', async ({ launch }) => {
  const muster = await launch()
  muster.allowErrors(REFUSALS)
  const opened = await collectOpened(muster)
  for (const target of [
    'javascript:alert(1)',
    'file:///etc/passwd',
    'smb://micropython.org/x',
    'https://micropython.org@example.invalid/',
    'https://micropython.org.example.invalid/',
    'https://example.invalid/?https://micropython.org/',
    'http://micropython.org/',
    'https://micropython.org/download/',
  ]) {
    await muster.page.evaluate(url => {
      window.open(url)
      const link = document.createElement('a')
      link.href = url
      document.body.append(link)
      link.click()
      link.remove()
    }, target)
    await muster.page.waitForTimeout(100)
  }
  // The last of them: when it has come, the others would have.
  await expect.poll(opened).toContain('https://micropython.org/download/')
  expect(new Set(await opened())).toEqual(new Set(['https://micropython.org/download/']))
  expect(muster.page.url()).toBe(PAGE_URL)
})
