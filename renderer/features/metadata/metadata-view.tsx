import { Lock } from 'lucide-react'
import type { ReactNode } from 'react'
import type { SessionSnapshot } from '../../../shared/model'
import { useServices } from '../../stores/context'
import { Fact, FactColumns, FactRows, FactSection } from '../../ui/facts/facts'
import { EditableText } from '../../ui/fields/editable-text'
import { formatPlural } from '../../ui/format'
import { KeyValue, KeyValues } from '../../ui/key-values/key-values'
import { NewKeyValue } from '../../ui/key-values/new-key-value'
import { formatUtcOffset } from '../../ui/moments'
import { Associates } from './associates'
import { checkDetailKey, checkDetailValue } from './detail-limits'
import './metadata.css'

/** What a person or a program says about a session, and which sessions belong to it. */
export function MetadataView({ session }: { readonly session: SessionSnapshot }) {
  return (
    <FactColumns
      isFirstWider
      first={
        <>
          <Description session={session} />
          <Details session={session} />
        </>
      }
      second={<Associates session={session} />}
    />
  )
}

function Description({ session }: { readonly session: SessionSnapshot }) {
  const { client } = useServices()
  const { sessionId, metadata } = session
  return (
    <FactSection title="Description">
      <FactRows>
        <Fact label="Identifier">
          <EditableText
            label="Identifier"
            value={metadata.identifier}
            placeholder="What a person calls this session"
            check={checkDetailValue}
            onSave={identifier => client.call('sessions:updateIdentifier', { sessionId, identifier })}
          />
        </Fact>
        <Fact label="Data source">
          <Fixed why="subscribers follow it">
            <span className="mono">{metadata.dataSource}</span>
          </Fixed>
        </Fact>
        <Fact label="Type">
          <Fixed why="it says what the details mean">
            {metadata.type}, version {metadata.version}
          </Fixed>
        </Fact>
        <Fact label="UTC offset">
          <Fixed why="the data’s times count from it">{formatUtcOffset(metadata.utcOffsetSeconds)}</Fixed>
        </Fact>
      </FactRows>
    </FactSection>
  )
}

/** What was said at the opening and can't be changed any more. */
function Fixed({ why, children }: { readonly why: string; readonly children: ReactNode }) {
  return (
    <span className="fact-line">
      <span>{children}</span>
      <span className="fact-hint">
        <Lock size={11} strokeWidth={1.75} aria-hidden /> fixed: {why}
      </span>
    </span>
  )
}

function Details({ session }: { readonly session: SessionSnapshot }) {
  const { client } = useServices()
  const { sessionId, metadata } = session
  const keys = Object.keys(metadata.details)
  const update = (details: Readonly<Record<string, string | null>>) => client.call('sessions:updateDetails', { sessionId, details })
  return (
    <FactSection title="Details" note={keys.length === 0 ? undefined : formatPlural(keys.length, 'key')}>
      <KeyValues label="Details" valueName="Value">
        {keys.length === 0 && (
          <tr>
            <td colSpan={3} className="key-values-empty">
              None yet. A detail is a key and a text, for example <code>operator</code> and a name; programs read and change them too.
            </td>
          </tr>
        )}
        {Object.entries(metadata.details).map(([key, value]) => (
          <KeyValue key={key} name={key} onRemove={() => update({ [key]: null })}>
            <EditableText
              label={`Value of ${key}`}
              value={value}
              isMultiline
              check={checkDetailValue}
              onSave={text => update({ [key]: text })}
            />
          </KeyValue>
        ))}
        <NewKeyValue
          what="detail"
          valuePlaceholder="Its value"
          checkKey={key => checkDetailKey(key, keys)}
          checkValue={checkDetailValue}
          onAdd={(key, value) => update({ [key]: value })}
        />
      </KeyValues>
    </FactSection>
  )
}
