// Who may look at a site, and who may send to it.

import { Copyable } from '../../../parts/copyable.tsx';
import { Panel } from '../../../parts/panel.tsx';
import { words } from '../../../text/settings/index.ts';
import { useSiteSettings, useZone } from '../site-settings.tsx';
import { SwitchSetting } from '../site/controls.tsx';
import { Keys } from './keys.tsx';

const { access: text } = words;

export function Access({ site }: { site: string }) {
  const settings = useSiteSettings();
  const zone = useZone();
  return (
    <div class="stack">
      <Keys title={text.links} lead={text.linksLead} empty={text.noLinks} owner={site} kinds={['share']} zone={zone} />
      <Panel title={text.public} answered={settings} isEmpty={() => false} skeleton="rows">
        {(value) => (
          <div class="settings-list">
            <SwitchSetting title={text.anybody} hint={text.anybodyHint} label={text.isPublic} value={value.public ?? false} change={(isPublic) => ({ public: isPublic })} />
            {value.public === true && <Copyable label={text.address} content={`${location.origin}/?${new URLSearchParams({ site })}`} />}
          </div>
        )}
      </Panel>
      <Keys title={text.keys} lead={text.keysLead} empty={text.noKeys} owner={site} kinds={['read', 'ingest']} zone={zone} />
    </div>
  );
}
