import type { FileProof } from '../../../../shared/model'
import { indent, pythonText, pythonTexts } from './python-source'

/**
 * What is asked of boards that have folders: Python for `answeringProgram`. `K(path)` tells what is there: 0 for nothing, 1 for a
 * file, 2 for a folder, with size and time. Not every port names its errors, so what counts is what can be seen.
 */
const KIND = `import os
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
const MAKE_FOLDER = `def D(p):
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

/** What a board can hash with: `S(path, bytes)` gives the digest of the first so many. */
export type BoardHash = Extract<FileProof, 'sha256' | 'crc32'>

/** Blocks in which files are read for hashing. */
const HASH_BLOCK_BYTES = 4_096
const HASH_BLOCK_SMALL_BYTES = 512
/** A board with less free memory reads in small blocks. */
const ROOMY_BYTES = 48 * 1024

export interface HashOptions {
  readonly hash: BoardHash
  readonly freeMemoryBytes: number | null
  readonly feedCode?: string
}

function hashFunction({ hash, freeMemoryBytes, feedCode }: HashOptions): string {
  const block = freeMemoryBytes !== null && freeMemoryBytes < ROOMY_BYTES ? HASH_BLOCK_SMALL_BYTES : HASH_BLOCK_BYTES
  const isSha = hash === 'sha256'
  return `${isSha ? 'from hashlib import sha256' : 'from binascii import crc32'}
def S(p,m):
 ${isSha ? 'h=sha256()' : 'c=0'}
 b=memoryview(bytearray(${block}))
 f=open(p,'rb')
 try:
  while m>0:
   n=f.readinto(b if m>=${block} else b[:m])
   if not n:
    break
   ${isSha ? 'h.update(b[:n])' : 'c=crc32(b[:n],c)'}
   m-=n
${feedCode === undefined ? '' : `   exec(${pythonText(feedCode)},G)\n`} finally:
  f.close()
 return ${isSha ? "''.join(['%02x'%x for x in h.digest()])" : "'%08x'%c"}
`
}

/** More than any file on a board has. */
const WHOLE_FILE = 2 ** 30

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

/** Says the year in which the board's clock begins to count; 0 where it does not tell. */
const EPOCH = `y=0
try:
 from time import gmtime
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
  return `${KIND}p=${pythonText(from)}
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
   os.remove(q)
   os.rename(p,q)
elif k==0:
 raise OSError('ENOENT')
`
}

/** Kind, size and hash of each; the hash is empty for what is no file, or can't be read. */
export function hashProgram(paths: readonly string[], options: HashOptions): string {
  return `${KIND}${hashFunction(options)}for p in ${pythonTexts(paths)}:
 k=(0,0,0)
 h=''
 try:
  k=K(p)
  if k[0]==1:
   h=S(p,${WHOLE_FILE})
 except OSError:
  pass
 Y('%d,%d,%s;'%(k[0],k[1],h))
`
}

/** Kind and size of each. */
export function kindsProgram(paths: readonly string[]): string {
  return `${KIND}for p in ${pythonTexts(paths)}:
 k=(0,0,0)
 try:
  k=K(p)
 except OSError:
  pass
 Y('%d,%d;'%k[:2])
`
}

/** Before a write: kind and size of the target, size of what an earlier attempt has left, free heap. Makes missing folders. */
export function prepareWriteProgram(path: string, part: string, keepPart: boolean): string {
  return `${KIND}${MAKE_FOLDER}p=${pythonText(path)}
q=${pythonText(part)}
k=K(p)
if k[0]==2:
 raise OSError('EISDIR')
D(p.rsplit('/',1)[0])
j=K(q)
if j[0]==1 and not ${pythonBool(keepPart)}:
 os.remove(q)
 j=(0,0,0)
${FREE_MEMORY}Y('%d,%d,%d,%d;'%(k[0],k[1],j[1],m))
`
}

const FREE_MEMORY = `m=0
try:
 import gc
 gc.collect()
 m=gc.mem_free()
except (ImportError,AttributeError):
 pass
`

/** Before a read: kind, size and free heap. */
export function prepareReadProgram(path: string): string {
  return `${KIND}${FREE_MEMORY}k=K(${pythonText(path)})
Y('%d,%d,%d;'%(k[0],k[1],m))
`
}

/** Hash of the beginning of a file. */
export function prefixHashProgram(path: string, bytes: number, options: HashOptions): string {
  return `${hashFunction(options)}Y(S(${pythonText(path)},${bytes})+';')
`
}

export interface FinishOptions {
  readonly path: string
  readonly part: string
  readonly bytes: number
  /** What the board itself is to prove; null when that was done otherwise, or can't be. */
  readonly proof: { readonly options: HashOptions; readonly digest: string } | null
  readonly canRename: boolean
}

/**
 * Proves what was written, then gives it its name. Says `different` and how many bytes there are, or `done`, whether something was
 * replaced, and whether that was one step.
 */
export function finishWriteProgram({ path, part, bytes, proof, canRename }: FinishOptions, again: boolean): string {
  const isDifferent = (file: string): string => (proof === null ? 'False' : `S(${file},${WHOLE_FILE})!=${pythonText(proof.digest)}`)
  const check = `if j[1]!=${bytes} or ${isDifferent('q')}:
 Y('different,%d;'%j[1])
else:
${indent(canRename ? RENAME : COPY)}`
  const alreadyDone = `if j[0]==0 and k[0]==1 and k[1]==${bytes} and not ${isDifferent('p')}:
 Y('done,1,${canRename ? 1 : 0};')
else:
${indent(check)}`
  return `${KIND}${proof === null ? '' : hashFunction(proof.options)}p=${pythonText(path)}
q=${pythonText(part)}
k=K(p)
j=K(q)
if k[0]==2:
 raise OSError('EISDIR')
${again ? alreadyDone : check}`
}

/** Some file systems do not rename over a file. */
const RENAME = `a=1
try:
 os.rename(q,p)
except OSError:
 if k[0]!=1:
  raise
 os.remove(p)
 os.rename(q,p)
 a=0
try:
 os.sync()
except (AttributeError,OSError):
 pass
Y('done,%d,%d;'%(k[0],a))
`

/** On a board that can't rename: copied and compared there, which is as quick as can be. */
const COPY = `f=open(q,'rb')
g=open(p,'wb')
while 1:
 b=f.read(256)
 if not b:
  break
 g.write(b)
g.close()
f.close()
f=open(q,'rb')
g=open(p,'rb')
d=0
while 1:
 b=f.read(256)
 if b!=g.read(256):
  d=1
 if not b:
  break
f.close()
g.close()
if d:
 Y('different,%d;'%j[1])
else:
 os.remove(q)
 Y('done,%d,0;'%k[0])
`

/** Says how many bytes are free; -1 where the board does not tell. */
export function discardProgram(part: string, folder: string): string {
  return `${KIND}q=${pythonText(part)}
if K(q)[0]==1:
 os.remove(q)
n=-1
try:
 s=os.statvfs(${pythonText(folder)})
 n=s[0]*s[3]
except (AttributeError,OSError):
 pass
Y('%d;'%n)
`
}

function pythonBool(value: boolean): string {
  return value ? 'True' : 'False'
}
