import { describe, expect, it } from 'vitest'
import { installCommand, parseMissing } from '../../../scripts/lib/system-packages.mjs'

const debian12 = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_ID="12"\nID=debian\n'
const debianTesting = 'PRETTY_NAME="Debian GNU/Linux forky/sid"\nID=debian\n'
const ubuntu2204 = 'NAME="Ubuntu"\nVERSION_ID="22.04"\nID=ubuntu\nID_LIKE=debian\n'
const ubuntu2404 = 'NAME="Ubuntu"\nVERSION_ID="24.04"\nID=ubuntu\nID_LIKE=debian\n'
const fedora = 'NAME="Fedora Linux"\nVERSION_ID=42\nID=fedora\n'
const arch = 'NAME="Arch Linux"\nID=arch\n'

describe('missing libraries', () => {
  it('are those that the loader does not find', () => {
    const output = [
      '\tlinux-vdso.so.1 (0x00007ffd)',
      '\tlibgtk-3.so.0 => not found',
      '\tlibc.so.6 => /lib/x86_64-linux-gnu/libc.so.6 (0x00007f12)',
      '\tlibgbm.so.1 => not found',
    ].join('\n')
    expect(parseMissing(output)).toEqual(['libgtk-3.so.0', 'libgbm.so.1'])
  })
})

describe('the command that installs them', () => {
  it.each([
    ['Debian 12', debian12, 'sudo apt-get update && sudo apt-get install -y libasound2 libgbm1 xvfb'],
    ['Ubuntu 22.04', ubuntu2204, 'sudo apt-get update && sudo apt-get install -y libasound2 libgbm1 xvfb'],
    ['Ubuntu 24.04', ubuntu2404, 'sudo apt-get update && sudo apt-get install -y libasound2t64 libgbm1 xvfb'],
    ['Debian testing', debianTesting, 'sudo apt-get update && sudo apt-get install -y libasound2t64 libgbm1 xvfb'],
    ['Fedora', fedora, 'sudo dnf install -y alsa-lib mesa-libgbm xorg-x11-server-Xvfb'],
  ])('is one, on %s', (_, osRelease, command) => {
    expect(installCommand(['libasound.so.2', 'libgbm.so.1', 'Xvfb'], { osRelease, isRoot: false })).toBe(command)
  })

  it('needs no sudo when root asks', () => {
    expect(installCommand(['Xvfb'], { osRelease: debian12, isRoot: true })).toBe('apt-get update && apt-get install -y xvfb')
  })

  it('names a package once that holds several of them', () => {
    expect(installCommand(['libnss3.so', 'libsmime3.so'], { osRelease: debian12 })).toMatch(/install -y libnss3$/)
  })

  it('is a sentence where the package manager is not known', () => {
    expect(installCommand(['libgbm.so.1'], { osRelease: arch })).toBe('Install with your package manager what holds: libgbm.so.1')
  })
})
