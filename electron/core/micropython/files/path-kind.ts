/**
 * For boards that have folders: Python for `answeringProgram`. `K(path)` tells what is there: 0 for nothing, 1 for a
 * file, 2 for a folder, with size and time. Not every port names its errors, so what counts is what can be seen.
 */
export const KIND = `import os
def K(p):
 try:
  s=os.stat(p)
 except OSError as e:
  if 'ENOENT' not in str(e):
   f,n=p.rsplit('/',1)
   l=[]
   try:
    l=os.listdir(f or '/')
   except OSError:
    pass
   if n in l:
    raise e
  return 0,0,0
 return 2 if s[0]&16384 else 1,s[6],s[8]
`

/** Makes what is missing of a folder; returns how many folders that were. */
export const MAKE_FOLDER = `def D(p):
 t=[]
 while p and p!='/':
  k=K(p)[0]
  if k==2:
   break
  if k==1:
   raise OSError('ENOTDIR')
  t.append(p)
  p=p.rsplit('/',1)[0]
 n=len(t)
 while t:
  os.mkdir(t.pop())
 return n
`

/**
 * `V(q,p,o)` where the file system does not rename over a file, or could not: the old one steps aside as `o`, and back if it has to. It
 * is never removed before the new one has its name.
 */
export const REPLACE = `def V(q,p,o):
 if K(o)[0]==1:
  os.remove(o)
 os.rename(p,o)
 try:
  os.rename(q,p)
 except OSError as e:
  os.rename(o,p)
  raise e
 os.remove(o)
`

export function pythonBool(value: boolean): string {
  return value ? 'True' : 'False'
}
