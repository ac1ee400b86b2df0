/** What the demo runs, one for each board: a few computed lines, and enough work that the charts have something to show. */
export const DEMO_SNIPPETS: readonly string[] = [
  `import sys
count = 200
primes = [n for n in range(2, count) if all(n % d for d in range(2, int(n ** 0.5) + 1))]
print(len(primes), 'primes below', count)
for start in range(0, len(primes), 12):
    print(' '.join('%4d' % prime for prime in primes[start:start + 12]))
`,
  `import math
print('sine, 16 steps')
for step in range(16):
    value = math.sin(step * math.pi / 8)
    print('%5.2f %s' % (value, ' ' * int(20 + 18 * value) + '*'))
`,
  `import gc
gc.collect()
print(gc.mem_free() // 1024, 'KiB free')
for size in (64, 256, 1024, 4096):
    before = gc.mem_free()
    block = bytearray(size)
    print('%6d bytes cost %6d' % (size, before - gc.mem_free()))
`,
  `def steps(n):
    count = 0
    while n != 1:
        n = 3 * n + 1 if n % 2 else n // 2
        count += 1
    return count

longest = max(range(1, 1500), key=steps)
print(longest, 'takes', steps(longest), 'steps to 1')
for n in (27, 97, 871):
    print('%5d %4d' % (n, steps(n)))
`,
]
