import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { composeRedactors, redactHome, redactSecrets } from '../../../electron/core/log/redact'

describe('the home folder (security row 22)', () => {
  it.each([
    ['as it is', '/home/ada', 'open /home/ada/x.log failed', 'open ~/x.log failed'],
    ['at the end', '/home/ada', 'cwd is /home/ada', 'cwd is ~'],
    ['with a slash at its own end', '/home/ada/', '/home/ada/x', '~/x'],
    ['in a URL', '/home/ada', 'at file:///home/ada/app/main.js:3:1', 'at file://~/app/main.js:3:1'],
    ['wholly encoded', '/home/ada', 'path=%2Fhome%2Fada%2Fx', 'path=~%2Fx'],
    ['with a name that needs encoding', '/home/jürgen m', 'file:///home/j%C3%BCrgen%20m/x', 'file://~/x'],
    ['wholly encoded with such a name', '/home/jürgen m', '%2Fhome%2Fj%C3%BCrgen%20m', '~'],
    ['of Windows', 'C:\\Users\\Ada', 'C:\\Users\\Ada\\AppData', '~\\AppData'],
    ['of Windows with forward slashes', 'C:\\Users\\Ada', 'file:///C:/Users/Ada/AppData', 'file:///~/AppData'],
    ['of Windows in JSON', 'C:\\Users\\Ada', '{"path":"C:\\\\Users\\\\Ada\\\\x"}', '{"path":"~\\\\x"}'],
    ['of Windows encoded', 'C:\\Users\\Ada', 'C%3A%5CUsers%5CAda%5Cx and c%3a%2fusers%2fada', '~%5Cx and ~'],
    ['in another case', 'C:\\Users\\Ada', 'c:\\users\\ada\\x', '~\\x'],
    ['several times', '/home/ada', '/home/ada:/home/ada/b', '~:~/b'],
    ['with characters that mean something in expressions', '/home/a.d+a(1)', 'x /home/a.d+a(1)/y, /home/axd+a(1)', 'x ~/y, /home/axd+a(1)'],
  ])('is hidden %s', (_how, home, text, expected) => {
    expect(redactHome(home)(text)).toBe(expected)
  })

  it.each([
    ['/home/ada', '/home/adam/x'],
    ['/home/ada', '/home/ada-backup'],
    ['/home/ada', '/mnt/ada'],
    ['/', '/dev/ttyACM0'],
    ['', 'anything'],
    ['C:\\', 'C:\\Windows'],
  ])('of %s leaves "%s" alone', (home, text) => {
    expect(redactHome(home)(text)).toBe(text)
  })

  it('is never left in any text made of it', () => {
    const redact = redactHome('/home/ada')
    fc.assert(
      fc.property(fc.array(fc.constantFrom('/home/ada', '%2Fhome%2Fada', '/', ' ', '"', ':', '\n')), parts => {
        const redacted = redact(parts.join(''))
        expect(redacted).not.toMatch(/ada/)
      }),
    )
  })
})

describe('secrets (security row 22)', () => {
  it.each([
    ['password=hunter2 next', 'password=[redacted] next'],
    ['{"wifiPassword":"hunter2","ssid":"lab"}', '{"wifiPassword":"[redacted]","ssid":"lab"}'],
    ["psk: 'hunter2'", "psk: '[redacted]'"],
    ['Authorization: Bearer abc.def', 'Authorization: Bearer [redacted]'],
    ['api_key=abc&x=1', 'api_key=[redacted]&x=1'],
    ['https://ada:hunter2@example.org/x', 'https://[redacted]@example.org/x'],
  ])('go from %s', (text, expected) => {
    expect(redactSecrets(text)).toBe(expected)
  })

  it.each(['Session opened', 'tokens left in the bucket', 'the port /dev/ttyACM0 is in use by minicom (pid 812)'])(
    'leave "%s" alone',
    text => {
      expect(redactSecrets(text)).toBe(text)
    },
  )
})

it('redactors compose', () => {
  expect(composeRedactors(redactHome('/home/ada'), redactSecrets)('token=a in /home/ada')).toBe('token=[redacted] in ~')
})
