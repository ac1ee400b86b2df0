/** Short programs to start from. Each runs on every port of MicroPython, also on a simulated board. */
export interface SampleSnippet {
  readonly name: string
  readonly code: string
}

export const SAMPLES: readonly SampleSnippet[] = [
  {
    name: 'Blink-free hello',
    code: `import sys

print('hello from', sys.platform)
print('MicroPython', '.'.join(str(part) for part in sys.implementation[1][:3]))
`,
  },
  {
    name: 'Count and sleep',
    code: `import time

for n in range(20):
    print('tick', n)
    time.sleep_ms(250)
`,
  },
  {
    name: 'Memory',
    code: `import gc

gc.collect()
free, used = gc.mem_free(), gc.mem_alloc()
print('free', free, 'of', free + used, 'bytes')
`,
  },
  {
    name: 'Time a loop',
    code: `import time

start = time.ticks_us()
total = 0
for n in range(10000):
    total += n
print('10,000 additions took', time.ticks_diff(time.ticks_us(), start), 'us')
`,
  },
  {
    name: 'Raise an exception',
    code: `def divide(a, b):
    return a / b

print(divide(6, 3))
print(divide(6, 0))
`,
  },
  {
    name: 'Print without end',
    code: `n = 0
while True:
    print('line', n)
    n += 1
`,
  },
]
