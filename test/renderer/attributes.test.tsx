import { fireEvent, screen, waitFor, within } from '@testing-library/react'
import { describe, expect, test } from 'vitest'
import type { JsonValue } from '../../shared/model'
import { someOptions } from '../fakes/fake-bridge'
import { openView } from './support/open-view'

const table = () => within(screen.getByRole('table', { name: 'Attributes' }))
const keys = () =>
  table()
    .queryAllByRole('rowheader')
    .map(header => header.textContent)
const value = (key: string) => screen.getByRole<HTMLTextAreaElement>('textbox', { name: `Value of ${key}` })

async function openAttributes(attributes: Readonly<Record<string, JsonValue>> = {}) {
  const view = await openView('Attributes', {}, (bridge, id) => {
    for (const [key, value] of Object.entries(attributes)) bridge.setAttribute(id, key, value)
  })
  await screen.findByRole('table', { name: 'Attributes' })
  return view
}

describe('Attributes', () => {
  test('M-05: key and value of any JSON are shown, added and changed', async () => {
    const { bridge, user, sessionId } = await openAttributes({ count: 41, limits: { low: 1 }, note: null })
    expect(keys()).toEqual(['count', 'limits', 'note'])
    expect(value('limits').value).toBe('{"low":1}')
    await user.clear(value('count'))
    await user.type(value('count'), '42{Enter}')
    expect(bridge.callsOf('attributes:set')).toEqual([{ sessionId, key: 'count', value: 42 }])
    await user.type(screen.getByRole('textbox', { name: 'Key of the new attribute' }), 'list')
    fireEvent.change(screen.getByRole('textbox', { name: 'Value of the new attribute' }), { target: { value: '[1, {"a": true}]' } })
    await user.click(screen.getByRole('button', { name: 'Add' }))
    await waitFor(() => expect(keys()).toEqual(['count', 'limits', 'note', 'list']))
    expect(bridge.attributesOf(sessionId).get('list')).toEqual([1, { a: true }])
  })

  test('M-06: an attribute is removed; a refusal is told in its row', async () => {
    const { bridge, user, sessionId } = await openAttributes({ count: 1, name: 'x' })
    await user.click(screen.getByRole('button', { name: 'Remove count' }))
    await waitFor(() => expect(keys()).toEqual(['name']))
    expect(bridge.callsOf('attributes:remove')).toEqual([{ sessionId, key: 'count' }])
    bridge.fail('attributes:remove', { code: 'OperationFailed', reason: 'store-failed', message: 'The disk is full.' })
    await user.click(screen.getByRole('button', { name: 'Remove name' }))
    expect((await within(screen.getByRole('row', { name: /^name/ })).findByRole('alert')).textContent).toContain('The disk is full.')
  })

  test('what is not JSON is told as it is typed, and not sent', async () => {
    const { bridge, user } = await openAttributes({ name: 'x' })
    fireEvent.change(value('name'), { target: { value: 'hello' } })
    expect(screen.getByRole('alert').textContent).toBe('Text stands in quotes: "hello"')
    await user.type(value('name'), '{Enter}')
    fireEvent.change(value('name'), { target: { value: '{"a":' } })
    expect(screen.getByRole('alert').textContent).toMatch(/^This is not JSON yet: /)
    await user.type(value('name'), '{Enter}')
    fireEvent.change(value('name'), { target: { value: JSON.stringify('x'.repeat(300_000)) } })
    expect(screen.getByRole('alert').textContent).toBe('A value has at most 262.1 kB; this one has 300.0 kB.')
    await user.type(value('name'), '{Enter}')
    expect(bridge.callsOf('attributes:set')).toEqual([])
  })

  test('the same value in another form is no change', async () => {
    const { bridge, user } = await openAttributes({ limits: { low: 1 } })
    fireEvent.change(value('limits'), { target: { value: '{ "low": 1.0 }' } })
    await user.type(value('limits'), '{Enter}')
    expect(bridge.callsOf('attributes:set')).toEqual([])
    expect(value('limits').value).toBe('{"low":1}')
  })

  test('M-05: what code changes meanwhile appears, one key at a time', async () => {
    const { bridge, sessionId, settle } = await openAttributes({ count: 1 })
    const lists = bridge.callsOf('attributes:list').length
    await settle(() => bridge.setAttribute(sessionId, 'count', 2))
    await waitFor(() => expect(value('count').value).toBe('2'))
    await settle(() => bridge.setAttribute(sessionId, 'fresh', true))
    await waitFor(() => expect(keys()).toEqual(['count', 'fresh']))
    await settle(() => bridge.setAttribute(sessionId, 'count', undefined))
    await waitFor(() => expect(keys()).toEqual(['fresh']))
    expect(bridge.callsOf('attributes:list')).toHaveLength(lists)
  })

  test('changes that come while one is being read are read together', async () => {
    const { bridge, sessionId, settle } = await openAttributes({ count: 0 })
    let open = (): void => {}
    const gate = new Promise<void>(resolve => {
      open = resolve
    })
    let asked = 0
    bridge.answer('attributes:get', async ({ key }) => {
      asked++
      await gate
      return { ok: true, value: { value: bridge.attributesOf(sessionId).get(key) ?? null, found: true } }
    })
    await settle(() => {
      for (let count = 1; count <= 50; count++) bridge.setAttribute(sessionId, 'count', count)
    })
    open()
    await waitFor(() => expect(value('count').value).toBe('50'))
    expect(asked).toBe(2)
  })

  test('an edit in progress outlives a change from elsewhere', async () => {
    const { bridge, user, sessionId, settle } = await openAttributes({ count: 1 })
    await user.type(value('count'), '0')
    await settle(() => bridge.setAttribute(sessionId, 'count', 7))
    expect(await screen.findByText(/Changed elsewhere to “7”/)).toBeDefined()
    expect(value('count').value).toBe('10')
  })

  test('a long value is cut until it is asked for', async () => {
    const { user } = await openAttributes({ trace: Array.from({ length: 500 }, (_, index) => index) })
    expect(screen.queryByRole('textbox', { name: 'Value of trace' })).toBeNull()
    await user.click(screen.getByRole('button', { name: 'Show all of trace' }))
    expect(JSON.parse(value('trace').value)).toHaveLength(500)
    await user.click(screen.getByRole('button', { name: 'Fold trace' }))
    expect(screen.queryByRole('textbox', { name: 'Value of trace' })).toBeNull()
  })

  test('M-08: the kind of store is told', async () => {
    await openView('Attributes', {}, (bridge, id) => bridge.infos.set(id, { options: someOptions({ attributeStore: 'file' }) }))
    expect(await screen.findByText('0 keys · kept in a file, removed with the session')).toBeDefined()
    expect(screen.getByText(/^None yet\. An attribute is a key/)).toBeDefined()
  })

  test('a list that can not be read says why, and is read again on demand', async () => {
    const { bridge, user } = await openView('Attributes', {}, given =>
      given.fail('attributes:list', { code: 'OperationFailed', reason: 'store-failed', message: 'The file can not be read.' }),
    )
    expect((await screen.findByRole('alert')).textContent).toContain('The file can not be read.')
    bridge.answer('attributes:list', () => ({ ok: true, value: [{ key: 'count', value: 1 }] }))
    await user.click(screen.getByRole('button', { name: 'Read again' }))
    await waitFor(() => expect(value('count').value).toBe('1'))
    expect(screen.queryByRole('alert')).toBeNull()
  })
})
