// What a site is set to.

import { Panel } from '../../../parts/panel.tsx';
import { count } from '../../../text/format.ts';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { useSiteSettings } from '../site-settings.tsx';
import { ListSetting, NumberSetting, SwitchSetting, ZoneSetting } from './controls.tsx';
import { DeleteSite } from './delete-site.tsx';
import { FiltersSetting } from './filters-setting.tsx';
import { hostsOf, linesOf } from './hosts.ts';

const { site: text } = words;

/** What the collector takes for a number of days, and of batches a minute. */
const days = { least: 1, most: 3650 };
const batches = { least: 0, most: 1_000_000_000 };

export function SiteSection() {
  const settings = useSiteSettings();
  return (
    <div class="stack">
      <Panel title={text.title} answered={settings} isEmpty={() => false} skeleton="rows">
        {(site) => (
          <div class="settings-list">
            {site.origin === 'variable' && <p class="remark">{text.ofVariable}</p>}
            <ListSetting title={text.hosts} hint={text.hostsHint} none={text.anyHost} value={site.hosts ?? []} change={(typed) => ({ hosts: hostsOf(typed) })} />
            <ZoneSetting title={text.zone} hint={text.zoneHint} value={site.time_zone ?? 'Etc/UTC'} change={(time_zone) => ({ time_zone })} />
            <NumberSetting title={text.retention} hint={text.retentionHint} none={text.forGood} unit={text.days} {...days} value={site.retention_days} change={(retention_days) => ({ retention_days })} />
            <FiltersSetting value={site.filters ?? []} />
            <SwitchSetting title={text.bots} hint={text.botsHint} label={text.countBots} value={site.count_bots ?? false} change={(count_bots) => ({ count_bots })} />
            <div class="setting" role="group" aria-label={text.shards}>
              <div><h3>{text.shards}</h3><p class="soft">{text.shardsHint}</p></div>
              <p>{say(text.shardsOf, { count: count(site.shards ?? 1) })}</p>
            </div>
          </div>
        )}
      </Panel>
      <Panel title={text.more} answered={settings} isEmpty={() => false} skeleton="rows">
        {(site) => (
          <div class="settings-list">
            <ListSetting title={text.aliases} hint={text.aliasesHint} none={text.noAliases} value={site.aliases ?? []} change={(typed) => ({ aliases: linesOf(typed) })} />
            <ListSetting title={text.origins} hint={text.originsHint} none={text.noOrigins} value={site.origins ?? []} change={(typed) => ({ origins: linesOf(typed) })} />
            <NumberSetting title={text.ofAddress} hint={text.ofAddressHint} none={text.usual} unit={text.batches} {...batches} value={site.batches_per_minute_of_address} change={(batches_per_minute_of_address) => ({ batches_per_minute_of_address })} />
            <NumberSetting title={text.ofSite} hint={text.ofSiteHint} none={text.usual} unit={text.batches} {...batches} value={site.batches_per_minute} change={(batches_per_minute) => ({ batches_per_minute })} />
          </div>
        )}
      </Panel>
      {settings.canChange && settings.value !== undefined && <DeleteSite site={settings.value.site_id} />}
    </div>
  );
}
