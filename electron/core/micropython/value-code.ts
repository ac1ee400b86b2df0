import type { ExpectedValue } from '../../../shared/model'

/** More than any value that fits a reply needs; on the board it keeps a value that holds itself from being walked for ever. */
export const VALUE_MAX_DEPTH = 32
/** The board gathers so many characters before it prints them: a write each would be slow, and all at once may not fit. */
const PRINT_CHARACTERS = 256
const HEX_PIECE_BYTES = 32

/** What a text begins with that stands for something else; a text of the board's that begins with it has it twice. */
export const TAG = '~'
/** After the tag: an int of many digits, a float that JSON has not, bytes as hexadecimal digits. */
export const TAGGED = { int: 'i', float: 'f', bytes: 'x' } as const
/** Ints of up to so many characters are said as they are: JavaScript's numbers hold them. */
const PLAIN_INT_CHARACTERS = 15

/** The only name that a wrapped snippet needs; it is deleted again. */
export const VALUE_NAME = '_muster_value'

/** How values of some kinds are said: `v` is the value, `s` says, `q` quotes, `f` fails, `k` names the kind. */
const WAYS: Readonly<
  Record<ExpectedValue, { readonly text: string; readonly int: string; readonly float: string; readonly others: string }>
> = {
  json: {
    text: `s(q(v))`,
    int: `s('%d'%v)`,
    float: `if t[-1]in'nf':
    f('holds the float '+t)
   s(t)`,
    others: '',
  },
  value: {
    text: `s(q('${TAG}'+v if v[:1]=='${TAG}'else v))`,
    int: `t='%d'%v
   s(t if len(t)<=${PLAIN_INT_CHARACTERS} else'"${TAG}${TAGGED.int}'+t+'"')`,
    float: `s('"${TAG}${TAGGED.float}'+t+'"'if t[-1]in'nf'else t)`,
    others: `
  elif k(v)in('bytes','bytearray','memoryview'):
   s('"${TAG}${TAGGED.bytes}')
   for i in range(0,len(v),${HEX_PIECE_BYTES}):
    for c in bytes(v[i:i+${HEX_PIECE_BYTES}]):
     s('%02x'%c)
   s('"')`,
  },
}

/**
 * Python that prints the envelope. Names come from `builtins`, because a snippet may have redefined them, and small ports
 * may lack `json`, `float` and a type's `__name__`. The nonce is put together on the board, so that an echo is no answer. It is
 * short, with names of one letter, because a micro:bit has 10 kB for the text, its parsed form and all else.
 */
export function valueCode(nonce: string, expect: ExpectedValue): string {
  const half = nonce.length >> 1
  const way = WAYS[expect]
  return `def ${VALUE_NAME}(v=${VALUE_NAME}):
 from builtins import Exception,ValueError,bytes,dict,int,isinstance,len,list,print,range,repr,str,tuple,type
 try:
  from json import dumps as j
 except Exception:
  j=None
 m='${nonce.slice(0, half)}'+'${nonce.slice(half)}'
 b=''
 n=0
 p=None
 def k(v):
  return str(type(v))[8:-2]
 def s(t):
  nonlocal b,n
  b+=t
  if t==''or len(b)>${PRINT_CHARACTERS}:
   n+=len(bytes(b,'utf-8'))
   print(b,end='')
   b=''
 def q(t):
  if j:
   return j(t)
  r='"'
  for c in t:
   r+='\\\\u%04x'%ord(c)if c<' 'or c in'"\\\\'else c
  return r+'"'
 def f(t):
  nonlocal p
  p=t
  raise ValueError
 def w(v,d):
  if d>${VALUE_MAX_DEPTH}:
   f('is nested deeper than ${VALUE_MAX_DEPTH} levels')
  if v is None or v is True or v is False:
   s('null'if v is None else'true'if v else'false')
  elif isinstance(v,str):
   ${way.text}
  elif isinstance(v,int):
   ${way.int}
  elif isinstance(v,(list,tuple)):
   c='['
   for i in v:
    s(c)
    w(i,d+1)
    c=','
   s('[]'if c=='['else']')
  elif isinstance(v,dict):
   c='{'
   for i in v:
    if not isinstance(i,(str,int)):
     f('has a key of type '+k(i))
    t=i if isinstance(i,str)else str(i)
    if t is not i and t in v:
     f('has the key '+t+' twice, as a number and as text')
    s(c+q(t)+':')
    w(v[i],d+1)
    c=','
   s('{}'if c=='{'else'}')
  elif k(v)=='float':
   t=repr(v)
   ${way.float}${way.others}
  else:
   f(('holds something'if d else'is')+' of type '+k(v))
 print(m,end='')
 try:
  w(v,0)
  s('')
 except Exception as e:
  if p is None:
   p='could not be written: '+k(e)+' '+str(e)
 print(m+('='+str(n)if p is None else'!'+q(p))+m,end='')
try:
 ${VALUE_NAME}()
finally:
 del ${VALUE_NAME}
`
}
