// Making a site. All of it can be changed later, but its name and its shards.

import { useId, useState } from 'preact/hooks';
import type { NewSite as Given, Site } from '../../../../../edge-collector/api.d.ts';
import { makeSite } from '../../../api/account.ts';
import { useChange } from '../../../api/use-change.ts';
import { Conditions } from '../../../parts/conditions.tsx';
import { Field } from '../../../parts/field.tsx';
import { type Condition, asFilters } from '../../../state/filters.ts';
import { count } from '../../../text/format.ts';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { Refusal } from '../refusal.tsx';
import { ZoneInput } from '../site/controls.tsx';
import { hostsOf } from '../site/hosts.ts';

const { sites: text, site: ofSite } = words;
const shardCounts = [1, 4, 16, 64, 256] as const satisfies readonly Site['shards'][];
/** Whoever makes a site is most often where it is. */
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function NewSite({ onMade }: { onMade: (site: string) => void }) {
  const form = useId();
  const { isBusy, error, run } = useChange();
  const [id, setId] = useState('');
  const [hosts, setHosts] = useState('');
  const [zone, setZone] = useState(here);
  const [shards, setShards] = useState<(typeof shardCounts)[number]>(1);
  const [days, setDays] = useState('');
  const [filters, setFilters] = useState<readonly Condition[]>([]);
  const onSubmit = (event: Event) => {
    event.preventDefault();
    const given: Given = {
      site_id: id,
      hosts: hostsOf(hosts),
      time_zone: zone,
      shards,
      ...(days === '' ? {} : { retention_days: Number(days) }),
      ...(filters.length === 0 ? {} : { filters: asFilters(filters) }),
    };
    run(async (client) => onMade((await makeSite(client, given)).site_id));
  };
  return (
    <section class="panel" aria-label={text.make}>
      <header class="panel-head"><h2>{text.make}</h2></header>
      <div class="panel-body lines">
        <form id={form} class="form columns-form" onSubmit={onSubmit}>
          <Field label={text.name} hint={text.nameHint}>
            {(attributes) => <input {...attributes} value={id} required maxLength={253} pattern="[a-z0-9._\-]+" title={text.nameHint} placeholder="shop.example.com" autocomplete="off" autocapitalize="off" spellcheck={false} onInput={(event) => setId(event.currentTarget.value.trim())} />}
          </Field>
          <Field label={ofSite.hosts} hint={ofSite.hostsHint}>
            {(attributes) => <textarea {...attributes} class="input" rows={2} value={hosts} placeholder={ofSite.anyHost} spellcheck={false} autocapitalize="off" onInput={(event) => setHosts(event.currentTarget.value)} />}
          </Field>
          <Field label={ofSite.zone} hint={ofSite.zoneHint}>{(attributes) => <ZoneInput {...attributes} value={zone} onInput={setZone} />}</Field>
          <Field label={ofSite.retention} hint={ofSite.retentionHint}>
            {(attributes) => <input {...attributes} type="number" min={1} max={3650} step="1" value={days} placeholder={ofSite.forGood} onInput={(event) => setDays(event.currentTarget.value)} />}
          </Field>
          <Field label={ofSite.shards} hint={ofSite.shardsHint}>
            {(attributes) => (
              <select {...attributes} value={shards} onChange={(event) => setShards(Number(event.currentTarget.value) as typeof shards)}>
                {shardCounts.map((number) => <option key={number} value={number}>{say(ofSite.shardsOf, { count: count(number) })}</option>)}
              </select>
            )}
          </Field>
        </form>
        <div class="filters" role="group" aria-label={ofSite.filters}>
          <span class="soft">{ofSite.filters}</span>
          <Conditions suggests={false} conditions={filters} onChange={setFilters} />
        </div>
        <div class="form-end">
          <Refusal error={error} />
          <button type="submit" form={form} class="button primary" disabled={isBusy}>{text.makeThis}</button>
        </div>
      </div>
    </section>
  );
}
