// What is put on a site's pages, and whether something comes of it.

import { Copyable } from '../../../parts/copyable.tsx';
import { Tabs } from '../../../parts/panel.tsx';
import { useOption } from '../../../state/navigation.tsx';
import { say } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { FirstEvent } from './first-event.tsx';
import { npmInstall, npmStart, ownEvent, ownEventNpm, scriptTag } from './snippet.ts';

const { install } = words;

export function Install({ site }: { site: string }) {
  return (
    <div class="grid settings-grid">
      <Snippet site={site} />
      <FirstEvent site={site} />
    </div>
  );
}

function Snippet({ site }: { site: string }) {
  const [way, choose] = useOption('way', ['tag', 'npm'], 'tag');
  // The collector serves this page, and the tracker beside it.
  const { origin } = location;
  return (
    <section class="panel flow" aria-label={install.title}>
      <header class="panel-head">
        <h2>{install.title}</h2>
        <Tabs label={install.title} tabs={[['tag', install.tag], ['npm', install.npm]]} chosen={way} onChoose={choose} />
      </header>
      <div class="panel-body lines">
        <p class="soft">{install.lead}</p>
        {way === 'tag' ? <Copyable label={say(install.tagCode, { site })} content={scriptTag(origin, site)} /> : (
          <>
            <p>{install.installLine}</p>
            <Copyable label={npmInstall} content={npmInstall} />
            <p>{install.codeLine}</p>
            <Copyable label={say(install.npmCode, { site })} content={npmStart(origin, site)} />
          </>
        )}
        <p>{install.own}</p>
        <Copyable label={install.ownCode} content={way === 'tag' ? ownEvent : ownEventNpm} />
      </div>
    </section>
  );
}
