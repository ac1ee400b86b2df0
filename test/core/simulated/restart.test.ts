import { describe, expect, it } from 'vitest'
import { useBoard } from './rig'

const RAW_BANNER = 'raw REPL; CTRL-B to exit\r\n>'
const BANNER = 'MicroPython v1.27.0 on 2025-12-10; JS with Emscripten\r\nType "help()" for more information.\r\n>>> '

describe('a soft reset', () => {
  const board = useBoard()

  it('in raw mode stays in raw mode', async () => {
    expect(await board.terminal.exchange('\x04', RAW_BANNER)).toBe(`OK\r\nMPY: soft reboot\r\n${RAW_BANNER}`)
  })

  it('in friendly mode ends at the friendly prompt', async () => {
    const { terminal } = board
    await terminal.exchange('\x02', '>>> ')
    expect(await terminal.exchange('\x04', '>>> ')).toBe(`\r\nMPY: soft reboot\r\n${BANNER}`)
  })

  it('forgets globals and modules, and keeps files and the folder tree', async () => {
    const { terminal } = board
    await terminal.output(
      'import os, json\nx = 1\nos.mkdir("/data")\nwith open("/data/a.txt", "w") as f: f.write("kept")\nos.chdir("/data")',
    )
    await terminal.exchange('\x04', RAW_BANNER)
    expect((await terminal.run('print(x)')).exception).toContain("NameError: name 'x' isn't defined")
    expect(await terminal.output('import sys\nprint("json" in sys.modules)')).toBe('False\r\n')
    expect(await terminal.output('import os\nprint(os.getcwd(), open("/data/a.txt").read())')).toBe('/ kept\r\n')
    await terminal.output('os.remove("/data/a.txt")\nos.rmdir("/data")')
  })

  it('closes open files', async () => {
    const { terminal } = board
    for (let round = 0; round < 20; round++) {
      await terminal.output('files = [open("/f%d" % n, "w") for n in range(20)]')
      await terminal.exchange('\x04', RAW_BANNER)
    }
    expect(await terminal.output('print(open("/f0", "w").fileno() < 10)')).toBe('True\r\n')
  })

  it.each(['import sys\nsys.exit()', 'raise SystemExit', 'import machine\nmachine.soft_reset()'])(
    'follows %j, with both 04 and no prompt',
    async source => {
      const text = await board.terminal.exchange(`print(1)\n${source}\x04`, RAW_BANNER)
      expect(text).toBe(`OK1\r\n\x04\x04MPY: soft reboot\r\n${RAW_BANNER}`)
    },
  )

  it('follows SystemExit in raw-paste', async () => {
    const text = await board.terminal.exchange('\x05A\x01raise SystemExit\x04', RAW_BANNER)
    expect(text).toBe(`R\x01\x80\x00\x01\x04\x04\x04MPY: soft reboot\r\n${RAW_BANNER}`)
  })

  it('gives memory back', async () => {
    const { terminal } = board
    await terminal.output('x = bytearray(10_000_000)')
    await terminal.exchange('\x04', RAW_BANNER)
    expect(Number(await terminal.output('import gc\nprint(gc.mem_alloc())'))).toBeLessThan(100_000)
  })
})

describe('boot.py and main.py', () => {
  const board = useBoard()
  const write = (name: string, source: string): Promise<string> =>
    board.terminal.output(`with open(${JSON.stringify(name)}, "w") as f: f.write(${JSON.stringify(source)})`)

  it('both run in friendly mode, in the namespace of the prompt', async () => {
    const { terminal } = board
    await write('boot.py', 'print("boot")\na = 1\n')
    await write('main.py', 'print("main", a)\nb = 2\n')
    await terminal.exchange('\x02', '>>> ')
    expect(await terminal.exchange('\x04', '>>> ')).toBe(`\r\nMPY: soft reboot\r\nboot\r\nmain 1\r\n${BANNER}`)
    expect(await terminal.exchange('a + b\r', '>>> ')).toBe('a + b\r\n3\r\n>>> ')
  })

  it('main.py is left out in raw mode', async () => {
    await write('boot.py', 'print("boot")\n')
    await write('main.py', 'print("main")\n')
    expect(await board.terminal.exchange('\x04', RAW_BANNER)).toBe(`OK\r\nMPY: soft reboot\r\nboot\r\n${RAW_BANNER}`)
  })

  it('report exceptions with their own name and line', async () => {
    await write('boot.py', '\ndef f():\n    1/0\nf()\n')
    const text = await board.terminal.exchange('\x04', RAW_BANNER)
    expect(text).toBe(
      'OK\r\nMPY: soft reboot\r\nTraceback (most recent call last):\r\n  File "boot.py", line 4, in <module>\r\n  File "boot.py", line 3, in f\r\n' +
        `ZeroDivisionError: divide by zero\r\n${RAW_BANNER}`,
    )
  })

  it('end on Ctrl-C, and the prompt follows', async () => {
    const { terminal } = board
    await write('main.py', 'import time\nwhile True: print("running"); time.sleep(100)\n')
    await terminal.exchange('\x02', '>>> ')
    await terminal.exchange('\x04', 'running\r\n')
    const text = await terminal.exchange('\x03', '>>> ')
    expect(text).toBe(`Traceback (most recent call last):\r\n  File "main.py", line 2, in <module>\r\nKeyboardInterrupt: \r\n${BANNER}`)
  })

  it('restart the board on SystemExit', async () => {
    const { terminal } = board
    await write('main.py', 'import os\nos.remove("main.py")\nprint("once")\nraise SystemExit\n')
    await terminal.exchange('\x02', '>>> ')
    expect(await terminal.exchange('\x04', '>>> ')).toBe(`\r\nMPY: soft reboot\r\nonce\r\nMPY: soft reboot\r\n${BANNER}`)
  })
})

describe('machine.reset()', () => {
  const board = useBoard()

  it('restarts at once, without a trailer, at the friendly prompt; files stay', async () => {
    const { terminal } = board
    await terminal.output('open("kept", "w").close()')
    expect(await terminal.exchange('import machine\nprint(1)\nmachine.reset()\nprint(2)\x04', '>>> ')).toBe(`OK1\r\n${BANNER}`)
    await terminal.enterRaw()
    expect(await terminal.output('import os\nprint(os.listdir())')).toBe("['kept']\r\n")
  })
})
