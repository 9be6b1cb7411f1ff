// The kinds of settings: a list of texts, a number that may be none, a choice of yes or no, a time zone.

import type { SiteChange } from '../../../../../edge-collector/api.d.ts';
import { count } from '../../../text/format.ts';
import { words } from '../../../text/settings/index.ts';
import { type ControlAttributes, Setting } from './setting.tsx';

type Named = { title: string; hint: string };

/** A text on each line. */
export function ListSetting({ value, none, change, ...named }: Named & { value: readonly string[]; none: string; change: (text: string) => SiteChange }) {
  return (
    <Setting
      {...named}
      value={value.join('\n')}
      control={(draft, edit, attributes) => (
        <textarea class="input" {...attributes} rows={Math.max(2, draft.split('\n').length)} value={draft} placeholder={none} spellcheck={false} autocapitalize="off" onInput={(event) => edit(event.currentTarget.value)} />
      )}
      shown={(lines) => (lines === '' ? <p class="soft">{none}</p> : <ul class="values">{lines.split('\n').map((line) => <li key={line}>{line}</li>)}</ul>)}
      change={change}
    />
  );
}

/** A whole number, or none. */
export function NumberSetting({ value, none, unit, least, most, change, ...named }: Named & { value: number | undefined; none: string; unit: string; least: number; most: number; change: (value: number | null) => SiteChange }) {
  return (
    <Setting
      {...named}
      value={value === undefined ? '' : String(value)}
      control={(draft, edit, attributes) => (
        <span class="with-unit"><input class="input" {...attributes} type="number" min={least} max={most} step="1" value={draft} placeholder={none} onInput={(event) => edit(event.currentTarget.value)} /> {unit}</span>
      )}
      shown={(text) => <p>{text === '' ? none : `${count(Number(text))} ${unit}`}</p>}
      change={(draft) => change(draft === '' ? null : Number(draft))}
    />
  );
}

export function SwitchSetting({ value, label, change, ...named }: Named & { value: boolean; label: string; change: (value: boolean) => SiteChange }) {
  return (
    <Setting
      {...named}
      value={value}
      control={(draft, edit, { form, 'aria-describedby': describedBy }) => (
        <label class="check-line"><input type="checkbox" form={form} aria-describedby={describedBy} checked={draft} onChange={(event) => edit(event.currentTarget.checked)} /> {label}</label>
      )}
      shown={(isOn) => <p>{isOn ? words.common.yes : words.common.no}</p>}
      change={change}
    />
  );
}

/** Those that this browser knows: about as many as the collector's runtime, which has the last word. */
export const zones = Intl.supportedValuesOf('timeZone');

export function ZoneInput({ value, onInput, ...attributes }: { value: string; onInput: (zone: string) => void; id?: string } & Partial<ControlAttributes>) {
  return (
    <>
      <input class="input" {...attributes} value={value} list="zones" required autocomplete="off" spellcheck={false} onInput={(event) => onInput(event.currentTarget.value.trim())} />
      <datalist id="zones">{zones.map((zone) => <option key={zone} value={zone} />)}</datalist>
    </>
  );
}

export function ZoneSetting({ value, change, ...named }: Named & { value: string; change: (zone: string) => SiteChange }) {
  return (
    <Setting
      {...named}
      value={value}
      control={(draft, edit, attributes) => <ZoneInput value={draft} onInput={edit} {...attributes} />}
      shown={(zone) => <p>{zone}</p>}
      change={change}
    />
  );
}
