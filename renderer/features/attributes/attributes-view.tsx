import { RefreshCw } from 'lucide-react'
import { useState } from 'react'
import type { JsonValue, SessionSnapshot } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { useSessionInfo } from '../../stores/use-session-info'
import { Button } from '../../ui/button'
import { ErrorNote } from '../../ui/error-note'
import { FactSection } from '../../ui/facts/facts'
import { EditableText } from '../../ui/fields/editable-text'
import { formatBytes, formatPlural } from '../../ui/format'
import { KeyValue, KeyValues } from '../../ui/key-values/key-values'
import { NewKeyValue } from '../../ui/key-values/new-key-value'
import { checkAttributeKey, checkJson, jsonText, parseJson } from './json-text'
import { useAttributes } from './use-attributes'
import './attributes.css'

const STORES = { memory: 'kept in memory, gone with the session', file: 'kept in a file, removed with the session' } as const

/** A longer value is shown by its beginning, until it is asked for. */
const SHOWN_CHARS = 400

/** Key and JSON value, for the life of the session. */
export function AttributesView({ session }: { readonly session: SessionSnapshot }) {
  const { client } = useServices()
  const { sessionId } = session
  const { values, error, reload } = useAttributes(sessionId)
  const store = useSessionInfo(sessionId).info?.options.attributeStore
  const keys = [...(values?.keys() ?? [])]
  const set = (key: string, text: string) => client.call('attributes:set', { sessionId, key, value: parseJson(text) ?? null })
  const note = [values === null ? undefined : formatPlural(keys.length, 'key'), store === undefined ? undefined : STORES[store]]
  return (
    <div className="attributes">
      <FactSection
        title="Attributes"
        note={note.filter(part => part !== undefined).join(' · ')}
        action={
          <Button icon={RefreshCw} onClick={reload}>
            Read again
          </Button>
        }
      >
        {error !== null && <ErrorNote error={error} />}
        {values !== null && (
          <KeyValues label="Attributes" valueName="Value, as JSON">
            {keys.length === 0 && (
              <tr>
                <td colSpan={3} className="key-values-empty">
                  None yet. An attribute is a key and anything JSON can say, for example <code>runs</code> and <code>0</code>; programs
                  count and remember with them.
                </td>
              </tr>
            )}
            {[...values].map(([key, value]) => (
              <KeyValue key={key} name={key} onRemove={() => client.call('attributes:remove', { sessionId, key })}>
                <AttributeValue name={key} value={value} onSave={text => set(key, text)} />
              </KeyValue>
            ))}
            <NewKeyValue
              what="attribute"
              valuePlaceholder='1.5, "text", [1, 2], {"a": true}'
              isCode
              checkKey={key => checkAttributeKey(key, keys)}
              checkValue={checkJson}
              onAdd={set}
            />
          </KeyValues>
        )}
      </FactSection>
    </div>
  )
}

interface AttributeValueProps {
  readonly name: string
  readonly value: JsonValue
  readonly onSave: Parameters<typeof EditableText>[0]['onSave']
}

function AttributeValue({ name, value, onSave }: AttributeValueProps) {
  const [isOpen, setOpen] = useState(false)
  const text = jsonText(value)
  const isLong = text.length > SHOWN_CHARS
  return (
    <>
      {isLong && !isOpen ? (
        <p className="attribute-cut mono">{JSON.stringify(value).slice(0, SHOWN_CHARS / 2)}…</p>
      ) : (
        <EditableText
          label={`Value of ${name}`}
          value={text}
          isCode
          isMultiline
          check={checkJson}
          isSame={written => JSON.stringify(parseJson(written)) === JSON.stringify(value)}
          onSave={onSave}
        />
      )}
      {isLong && (
        <button
          type="button"
          className="link attribute-more"
          aria-label={`${isOpen ? 'Fold' : 'Show all of'} ${name}`}
          onClick={() => setOpen(!isOpen)}
        >
          {isOpen ? 'Fold' : `Show all, ${formatBytes(text.length)}`}
        </button>
      )}
    </>
  )
}
