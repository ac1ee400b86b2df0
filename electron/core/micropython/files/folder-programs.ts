import { partPath } from './board-path'
import { KIND, MAKE_FOLDER, pythonBool, REPLACE } from './path-kind'
import { pythonText, pythonTexts } from './python-source'

export function listProgram(path: string): string {
  return `${KIND}p=${pythonText(path)}
k=K(p)[0]
if k!=2:
 raise OSError('ENOTDIR' if k else 'ENOENT')
${EPOCH}q=p if p=='/' else p+'/'
for e in os.ilistdir(p):
 k=2 if e[1]&16384 else 1
 s=(k,e[3] if len(e)>3 else 0,0)
 try:
  t=K(q+e[0])
  if t[0]:
   s=t
 except OSError:
  pass
 Y('%s,%d,%d,%d;'%(H(e[0]),s[0],s[1],s[2]))
`
}

/**
 * Says the year in which the board's clock begins to count; 0 where it does not tell. By this name the module is the firmware's, even
 * where somebody has a `time.py`.
 */
const EPOCH = `y=0
try:
 from utime import gmtime
 y=gmtime(0)[0]
except (ImportError,AttributeError):
 pass
Y('%d;'%y)
`

export function statProgram(path: string): string {
  return `${KIND}${EPOCH}Y('%d,%d,%d;'%K(${pythonText(path)}))
`
}

/** For each folder `/` and its path below the one that was asked for, then name, kind and size of each entry. `+`: there was more. */
export function treeProgram(path: string, maxEntries: number, maxDepth: number): string {
  return `${KIND}p=${pythonText(path)}
k=K(p)[0]
if k!=2:
 raise OSError('ENOTDIR' if k else 'ENOENT')
c=0
w=0
s=[('',0)]
while s and c<${maxEntries}:
 r,d=s.pop()
 if r:
  Y('/%s;'%H(r))
 f=p if not r else (p if p=='/' else p+'/')+r
 q=[]
 try:
  for e in os.ilistdir(f):
   if c>=${maxEntries}:
    w=1
    break
   c+=1
   k=2 if e[1]&16384 else 1
   n=r+'/'+e[0] if r else e[0]
   if k==2:
    q.append(n)
    z1=0
   elif len(e)>3:
    z1=e[3]
   else:
    z1=K(f+e[0] if f=='/' else f+'/'+e[0])[1]
   Y('%s,%d,%d;'%(H(e[0]),k,z1))
 except OSError:
  w=1
 if d<${maxDepth - 1}:
  q.reverse()
  for n in q:
   s.append((n,d+1))
 elif q:
  w=1
if w or s:
 Y('+;')
`
}

export function diskSpaceProgram(path: string): string {
  return `import os
s=os.statvfs(${pythonText(path)})
Y('%d,%d;'%(s[1]*s[2],s[0]*s[3]))
`
}

export function makeFolderProgram(path: string, parents: boolean, again: boolean): string {
  return `${KIND}${MAKE_FOLDER}p=${pythonText(path)}
k=K(p)[0]
if k:
 if k==1 or not ${pythonBool(parents || again)}:
  raise OSError('EEXIST')
else:
 f=p.rsplit('/',1)[0] or '/'
 if K(f)[0]==0 and not ${pythonBool(parents)}:
  raise OSError('ENOENT')
 D(p)
`
}

/** Says how many files and folders it has removed. */
export function removeProgram(paths: readonly string[], recursive: boolean, again: boolean): string {
  return `${KIND}c=0
for p in ${pythonTexts(paths)}:
 k=K(p)[0]
 if k==0:
  if ${pythonBool(again)}:
   continue
  raise OSError('ENOENT')
 if k==1:
  os.remove(p)
  c+=1
  continue
 if not ${pythonBool(recursive)}:
  for e in os.ilistdir(p):
   raise OSError('ENOTEMPTY')
 s=[p]
 while s:
  p=s[-1]
  m=0
  for e in list(os.ilistdir(p)):
   if e[1]&16384:
    s.append(p+'/'+e[0])
    m=1
   else:
    os.remove(p+'/'+e[0])
    c+=1
  if not m:
   os.rmdir(p)
   c+=1
   s.pop()
Y('%d;'%c)
`
}

export function renameProgram(from: string, to: string, replace: boolean, again: boolean): string {
  return `${KIND}${REPLACE}p=${pythonText(from)}
q=${pythonText(to)}
k=K(p)[0]
j=K(q)[0]
if p!=q:
 if k==0:
  if not (${pythonBool(again)} and j):
   raise OSError('ENOENT')
 else:
  f=K(q.rsplit('/',1)[0] or '/')[0]
  if f!=2:
   raise OSError('ENOTDIR' if f else 'ENOENT')
  if j and not ${pythonBool(replace)}:
   raise OSError('EEXIST')
  if j!=k and j:
   raise OSError('EISDIR' if j==2 else 'ENOTDIR')
  if k==2 and (q+'/').startswith(p+'/'):
   raise OSError('EINVAL')
  try:
   os.rename(p,q)
  except OSError:
   if j!=1:
    raise
   V(p,q,${pythonText(partPath(to))})
elif k==0:
 raise OSError('ENOENT')
`
}
