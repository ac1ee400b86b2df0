import { pythonText } from './python-source'

/**
 * What is asked of boards whose file system is one flat folder, and whose files can't be stood before, appended to or renamed: the
 * micro:bit of 2017 has `os.listdir`, `os.size` and `os.remove`, and a heap of a few kilobytes. So programs are short. Names are
 * without their slash.
 */
const SIZE = `import os
def K(n):
 try:
  return os.size(n)
 except OSError:
  return -1
`

/** Name and size of each file. */
export const FLAT_LIST = `import os
for n in os.listdir():
 Y('%s,1,%d,0;'%(H(n),os.size(n)))
`

export function flatStatProgram(name: string): string {
  return `${SIZE}n=K(${pythonText(name)})
Y('%d,%d,0;'%(n>=0,max(n,0)))
`
}

export function flatRemoveProgram(name: string, again: boolean): string {
  return again
    ? `${SIZE}n=${pythonText(name)}
if K(n)>=0:
 os.remove(n)
`
    : `import os
os.remove(${pythonText(name)})
`
}

/** Size of the target and of what an earlier attempt has left, -1 for none; free heap. */
export function flatPrepareProgram(name: string, part: string, isToRemove: boolean): string {
  return `${SIZE}import gc
q=${pythonText(part)}
j=K(q)
${isToRemove ? 'if j>=0:\n os.remove(q)\n j=-1\n' : ''}gc.collect()
Y('%d,%d,%d;'%(K(${pythonText(name)}),j,gc.mem_free()))
`
}

/** Copies what was proved to its own name, compares the two and removes the first: there is no renaming. */
export function flatFinishProgram(name: string, part: string, bytes: number, again: boolean): string {
  return `${SIZE}p=${pythonText(name)}
q=${pythonText(part)}
r=K(p)
j=K(q)
${again ? `if j<0 and r==${bytes}:\n Y('done,1;')\nelif` : 'if'} j!=${bytes}:
 Y('different,1;')
else:
 f=open(q,'rb')
 g=open(p,'wb')
 b=f.read(64)
 while b:
  g.write(b)
  b=f.read(64)
 g.close()
 f.close()
 f=open(q,'rb')
 g=open(p,'rb')
 b=c=1
 while b and b==c:
  b=f.read(64)
  c=g.read(64)
 f.close()
 g.close()
 if b==c:
  os.remove(q)
  Y('done,%d;'%(r>=0))
 else:
  Y('different,1;')
`
}
