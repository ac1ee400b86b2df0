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

export function pythonBool(value: boolean): string {
  return value ? 'True' : 'False'
}
