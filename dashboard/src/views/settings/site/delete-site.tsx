// Deleting a site and all that is stored of it: by typing its name, since nothing brings it back.

import { useState } from 'preact/hooks';
import { deleteSite } from '../../../api/account.ts';
import { useChange } from '../../../api/use-change.ts';
import { Dialog } from '../../../parts/dialog.tsx';
import { useNavigation } from '../../../state/navigation.tsx';
import { say, text } from '../../../text/index.ts';
import { words } from '../../../text/settings/index.ts';
import { Refusal } from '../refusal.tsx';

const { remove } = words;

export function DeleteSite({ site }: { site: string }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <section class="panel" aria-label={remove.title}>
      <div class="panel-body danger">
        <div><h2>{remove.title}</h2><p class="soft">{remove.lead}</p></div>
        <button type="button" class="button bad" onClick={() => setOpen(true)}>{say(remove.open, { site })}</button>
      </div>
      {isOpen && <Confirmation site={site} onClose={() => setOpen(false)} />}
    </section>
  );
}

function Confirmation({ site, onClose }: { site: string; onClose: () => void }) {
  const { go } = useNavigation();
  const { isBusy, error, run } = useChange();
  const [typed, setTyped] = useState('');
  const isMeant = typed === site;
  const onSubmit = (event: Event) => {
    event.preventDefault();
    if (!isMeant) return;
    run(async (client) => {
      await deleteSite(client, site);
      onClose();
      go({ site: '', view: 'settings', filters: [], options: { show: 'sites' } }, 'replace');
    });
  };
  return (
    <Dialog title={say(remove.open, { site })} onClose={onClose}>
      <form class="form" onSubmit={onSubmit}>
        <p>{say(remove.what, { site })}</p>
        <label>{say(remove.type, { site })}<input value={typed} autocomplete="off" spellcheck={false} autocapitalize="off" onInput={(event) => setTyped(event.currentTarget.value)} /></label>
        <Refusal error={error} />
        <div class="buttons">
          <button type="submit" class="button bad" disabled={!isMeant || isBusy}>{remove.confirm}</button>
          <button type="button" class="button" onClick={onClose}>{text.actions.cancel}</button>
        </div>
      </form>
    </Dialog>
  );
}
