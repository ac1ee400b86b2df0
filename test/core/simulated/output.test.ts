import { describe, expect, it } from 'vitest'
import { SIMULATED_FLASH_BYTES, SIMULATED_OUTPUT_RING_BYTES } from '../../../shared/limits'
import { useBoard } from './rig'

/** Some seconds of it, on a machine that is busy elsewhere. */
const FLOOD_BYTES = 4_000_000

describe('output', () => {
  const board = useBoard()

  it('ends lines as a board does, and leaves binary output alone', async () => {
    const { terminal } = board
    expect(await terminal.output('print("a\\nb")')).toBe('a\r\nb\r\n')
    expect(await terminal.output('import sys\nsys.stdout.write("a\\n\\nb\\n")')).toBe('a\r\n\r\nb\r\n')
    expect(await terminal.output('import sys\nsys.stdout.buffer.write(b"a\\nb\\r\\n")')).toBe('a\nb\r\n')
    expect(await terminal.output('import sys\nprint("error", file=sys.stderr)')).toBe('error\r\n')
  })

  it('passes bytes that are no UTF-8', async () => {
    const { terminal } = board
    const bytes = Array.from({ length: 256 }, (_, value) => value)
    await terminal.begin('import sys\nsys.stdout.buffer.write(bytes(range(256)))\nprint("end")')
    expect(await terminal.read('end\r\n')).toBe(`${String.fromCharCode(...bytes)}end\r\n`)
    await terminal.read('\x04\x04>')
  })

  it('comes while the code runs', async () => {
    const { terminal } = board
    await terminal.begin('import sys\nprint("first")\nsys.stdin.read(1)\nprint("second")')
    expect(await terminal.read('first\r\n')).toBe('first\r\n')
    expect(terminal.received).toBe('')
    expect(await terminal.exchange('x', '>')).toBe('second\r\n\x04\x04>')
  })

  it('of a loop that never looks up comes at once', async () => {
    const { terminal } = board
    await terminal.begin('print("a", end="")\nwhile True: pass')
    expect(await terminal.read('a')).toBe('a')
    await terminal.exchange('\x03', '\x04>')
  })

  it('in large amounts is complete and in order', async () => {
    const output = await board.terminal.output('for i in range(50000): print(i)')
    expect(output).toBe(Array.from({ length: 50_000 }, (_, line) => `${line}\r\n`).join(''))
  })

  it('waits for a host that does not look, and nothing is lost', async () => {
    const { terminal } = board
    const lines = Math.ceil((3 * SIMULATED_OUTPUT_RING_BYTES) / 62)
    await terminal.begin(`for i in range(${lines}): print("%060d" % i)`)
    const blocked = performance.now()
    while (performance.now() - blocked < 700) {
      // Nothing else can happen in this process meanwhile.
    }
    expect(await terminal.read('\x04\x04>')).toBe(
      `${Array.from({ length: lines }, (_, line) => `${String(line).padStart(60, '0')}\r\n`).join('')}\x04\x04>`,
    )
  })

  it('of a board that floods comes in large pieces, and leaves the host its time', async () => {
    const { terminal } = board
    await terminal.begin('while True: print("x" * 60)')
    let bytes = 0
    let pieces = 0
    const counting = terminal.transport.onData(piece => {
      bytes += piece.length
      pieces++
      terminal.received = ''
    })
    let turns = 0
    while (bytes < FLOOD_BYTES) {
      await new Promise(resolve => setImmediate(resolve))
      turns++
    }
    counting.dispose()
    expect(bytes / pieces).toBeGreaterThan(2_500)
    expect(turns).toBeGreaterThan(pieces)
    await terminal.exchange('\x03', '\x04>')
  })
})

describe('input', () => {
  const board = useBoard()

  it('that comes while code runs is kept and used in order', async () => {
    const { terminal } = board
    await terminal.begin('import time\ntime.sleep(0.2)')
    await terminal.type('print("one")\x04print("two")\x04')
    expect(await terminal.read('two\r\n\x04\x04>')).toBe('\x04\x04>OKone\r\n\x04\x04>OKtwo\r\n\x04\x04>')
  })

  it('is read through sys.stdin, also far more than the ring holds', async () => {
    const { terminal } = board
    const data = 'abcdefgh'.repeat(50_000)
    await terminal.begin(
      `import sys, time, hashlib\ntime.sleep(0.1)\nh = hashlib.sha256()\nleft = ${data.length}\nwhile left:\n    part = sys.stdin.buffer.read(min(left, 1000))\n    h.update(part)\n    left -= len(part)\nprint(h.digest().hex())`,
    )
    const written = terminal.type(data)
    expect(terminal.transport.pendingWriteBytes).toBeGreaterThan(0)
    const { createHash } = await import('node:crypto')
    expect(await terminal.read('>')).toBe(`${createHash('sha256').update(data).digest('hex')}\r\n\x04\x04>`)
    await written
    expect(terminal.transport.pendingWriteBytes).toBe(0)
  })

  it('is waited for by input(), with echo and backspace', async () => {
    const { terminal } = board
    await terminal.begin('name = input("name? ")\nprint("hello", name)')
    expect(await terminal.exchange('Addx\x7fa\r', '>')).toBe('name? Addx\x08 \x08a\r\nhello Adda\r\n\x04\x04>')
  })

  it('can be asked for without waiting', async () => {
    const { terminal } = board
    await terminal.begin(
      'import select, sys\np = select.poll()\np.register(sys.stdin, select.POLLIN)\nprint(p.poll(0))\nwhile not p.poll(1): pass\nprint(sys.stdin.read(1))',
    )
    await terminal.read('[]\r\n')
    expect(await terminal.exchange('k', '>')).toBe('k\r\n\x04\x04>')
  })
})

describe('memory', () => {
  const board = useBoard()

  it('of a long loop is collected while it runs', async () => {
    // About 150 MB of strings in all, more than twice what there is.
    expect(await board.terminal.output('for i in range(1_500_000): s = "value %d of many" % i\nprint(s)')).toBe('value 1499999 of many\r\n')
  })

  it('keeps what is in use when garbage is collected', async () => {
    const source = `
import time
class Node:
    def __init__(self, value, next):
        self.text = "node %d" % value
        self.next = next
def lines(count):
    for i in range(count): yield "line %d" % i
def check():
    head = None
    for i in range(200): head = Node(i, head)
    names = {text: text + "!" for text in lines(200)}
    ordered = sorted(list(lines(100)), key=lambda text: "".join(lines(3)) + text)
    count = 0
    while head:
        assert head.text == "node %d" % (199 - count)
        head = head.next
        count += 1
    assert count == 200 and len(ordered) == 100
    assert all(names[text] == text + "!" for text in lines(200))
end = time.ticks_add(time.ticks_ms(), 2000)
rounds = 0
# Some, however slow they are.
while rounds < 4 or time.ticks_diff(end, time.ticks_ms()) > 0:
    check()
    rounds += 1
    # Not faster than a host with much else to do can ask for collections.
    time.sleep_ms(10)
print(rounds > 3)`
    expect(await board.terminal.output(source)).toBe('True\r\n')
  })
})

describe('memory that runs out', () => {
  const board = useBoard()

  it('is a MemoryError, and the board goes on', async () => {
    const { terminal } = board
    const { exception } = await terminal.run('l = []\nwhile True: l.append(bytearray(100_000))')
    expect(exception).toContain('MemoryError: memory allocation failed')
    expect(await terminal.output('l = None\nprint(1)')).toBe('1\r\n')
  })

  it('is there again for the next run, once it is let go', async () => {
    const { terminal } = board
    for (let round = 0; round < 3; round++) {
      expect((await terminal.run('l = []\nwhile True: l.append(bytearray(100_000))')).exception).toContain('MemoryError')
      await terminal.output('l = None')
      expect(await terminal.output('l = [bytearray(100_000) for i in range(300)]\nprint(len(l))\nl = None')).toBe('300\r\n')
    }
  })

  it('of the flash is what the board tells of it', async () => {
    const space = async (): Promise<number[]> => JSON.parse(await board.terminal.output('import os\nprint(list(os.statvfs("/")[:5]))'))
    const [blockBytes = 0, , blocks = 0, free = 0] = await space()
    expect(blockBytes * blocks).toBe(SIMULATED_FLASH_BYTES)
    await board.terminal.output('f = open("/big", "wb")\nf.write(bytes(100 * 4096))\nf.close()')
    expect((await space())[3]).toBe(free - 100)
    await board.terminal.output('os.remove("/big")')
    expect((await space())[3]).toBe(free)
  })

  it('of the flash is bounded too, and free again after deleting', async () => {
    const { terminal } = board
    const fill = 'try:\n    with open("/big", "wb") as f:\n        while True: f.write(bytes(100_000))\nexcept OSError as e: print(e)'
    expect(await terminal.output(fill)).toBe('28\r\n')
    expect(await terminal.output('import os\nprint(os.stat("/big")[6] > 7_000_000)\nos.remove("/big")')).toBe('True\r\n')
    expect(await terminal.output('print(open("/small", "wb").write(bytes(100_000)))')).toBe('100000\r\n')
    expect(
      await terminal.output('f = open("/far", "wb")\ntry:\n    f.seek(1_000_000_000)\n    f.write(b"x")\nexcept OSError as e: print(e)'),
    ).toBe('28\r\n')
  })
})
