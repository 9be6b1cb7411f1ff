// What a site is set to, who may see it, and what became of what was sent to it.

import { useClient } from '../../api/use-answer.tsx';
import { Forbidden } from '../../parts/states.tsx';
import { SubNav } from '../../parts/sub-nav.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import { isWithin } from '../../state/reach.ts';
import { text } from '../../text/index.ts';
import '../../styles/settings.css';
import { sections } from './sections.ts';
import { SiteSettingsProvider } from './site-settings.tsx';

export function Settings() {
  const { place } = useNavigation();
  const { reach } = useClient();
  const open = sections.filter(({ needs, of }) => isWithin(needs, reach) && (of === 'account' || place.site !== ''));
  const shown = sections.find(({ name }) => name === place.options['show']) ?? open[0];
  const isOpen = shown !== undefined && open.includes(shown);
  return (
    <SiteSettingsProvider key={place.site} site={place.site}>
      <div class="settings">
        {open.length > 0 && <SubNav label={text.shell.settings} names={open.map(({ name, title }) => [name, title] as const)} shown={shown?.name ?? ''} />}
        {isOpen ? <shown.Section site={place.site} /> : <section class="panel" aria-label={text.states.forbidden}><Forbidden /></section>}
      </div>
    </SiteSettingsProvider>
  );
}
