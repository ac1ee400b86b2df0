import { describe, expect, it } from 'vitest'
import { type CallingFrame, isTrustedSender } from '../../electron/ipc/sender-guard'
import { FakeContents, ORIGIN } from './support/fake-contents'

function frame(origin: string, detached?: boolean): CallingFrame {
  return detached === undefined ? { origin } : { origin, detached }
}

describe('who may call (security row 10)', () => {
  it('is the main frame of the window itself, showing our page', () => {
    const contents = new FakeContents()
    expect(isTrustedSender({ sender: contents, senderFrame: contents.mainFrame }, contents, ORIGIN)).toBe(true)
  })

  it('is also a main frame of a runtime that does not know detachment', () => {
    const mainFrame = frame(ORIGIN)
    const contents = { mainFrame, isDestroyed: () => false }
    expect(isTrustedSender({ sender: contents, senderFrame: mainFrame }, contents, ORIGIN)).toBe(true)
  })

  it('is not a sub-frame, even of our origin', () => {
    const contents = new FakeContents()
    expect(isTrustedSender({ sender: contents, senderFrame: frame(ORIGIN) }, contents, ORIGIN)).toBe(false)
  })

  it('is not another window, even with our page', () => {
    const contents = new FakeContents()
    const other = new FakeContents()
    expect(isTrustedSender({ sender: other, senderFrame: other.mainFrame }, contents, ORIGIN)).toBe(false)
    expect(isTrustedSender({ sender: other, senderFrame: contents.mainFrame }, contents, ORIGIN)).toBe(false)
  })

  it('is not a frame that is gone', () => {
    const contents = new FakeContents()
    expect(isTrustedSender({ sender: contents, senderFrame: null }, contents, ORIGIN)).toBe(false)
    const detached = { mainFrame: frame(ORIGIN, true), isDestroyed: () => false }
    expect(isTrustedSender({ sender: detached, senderFrame: detached.mainFrame }, detached, ORIGIN)).toBe(false)
    const disposed = {
      sender: contents,
      get senderFrame(): CallingFrame {
        throw new Error('Render frame was disposed before WebFrameMain could be accessed')
      },
    }
    expect(isTrustedSender(disposed, contents, ORIGIN)).toBe(false)
  })

  it('is not a window that is destroyed', () => {
    const contents = new FakeContents()
    contents.destroy()
    expect(isTrustedSender({ sender: contents, senderFrame: contents.mainFrame }, contents, ORIGIN)).toBe(false)
  })

  it.each([
    '',
    'null',
    'file://',
    'muster://',
    'muster://app.evil',
    'muster://ap',
    'muster://APP',
    'https://app',
    'muster://app:1',
    'about:blank',
  ])('is not a page of origin "%s"', origin => {
    const contents = { mainFrame: frame(origin), isDestroyed: () => false }
    expect(isTrustedSender({ sender: contents, senderFrame: contents.mainFrame }, contents, ORIGIN)).toBe(false)
  })
})
