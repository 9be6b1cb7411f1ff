// One setting, changed where it stands: what is typed is a draft until it is saved.

import type { ComponentChildren } from 'preact';
import { useId, useState } from 'preact/hooks';
import type { SiteChange } from '../../../../../edge-collector/api.d.ts';
import { changeSite } from '../../../api/account.ts';
import { useChange } from '../../../api/use-change.ts';
import { words } from '../../../text/settings/index.ts';
import { Refusal } from '../refusal.tsx';
import { useSiteSettings } from '../site-settings.tsx';

/** What a control is named and described by, and the form that Enter in it sends. */
export type ControlAttributes = { 'aria-labelledby': string; 'aria-describedby': string; form: string };

type SettingProps<T> = {
  title: string;
  hint: string;
  /** As it is set. */
  value: T;
  control: (draft: T, edit: (draft: T) => void, attributes: ControlAttributes) => ComponentChildren;
  /** As it is shown to whoever may not change it. */
  shown: (value: T) => ComponentChildren;
  change: (draft: T) => SiteChange;
};

export function Setting<T>({ title, hint, value, control, shown, change }: SettingProps<T>) {
  const id = useId();
  const { value: site, put, canChange } = useSiteSettings();
  const { isBusy, error, run } = useChange();
  const [draft, setDraft] = useState<{ of: T }>();
  const [isSaved, setSaved] = useState(false);
  const edit = (of: T) => {
    setDraft({ of });
    setSaved(false);
  };
  const isChanged = draft !== undefined && JSON.stringify(draft.of) !== JSON.stringify(value);
  const save = (event: Event) => {
    event.preventDefault();
    if (site === undefined || draft === undefined || !isChanged) return;
    run(async (client) => {
      put(await changeSite(client, site.site_id, change(draft.of)));
      setDraft(undefined);
      setSaved(true);
    });
  };
  return (
    <div class="setting" role="group" aria-labelledby={`${id}title`}>
      <div>
        <h3 id={`${id}title`}>{title}</h3>
        <p id={`${id}hint`} class="soft">{hint}</p>
      </div>
      <div>
        {canChange ? control(draft === undefined ? value : draft.of, edit, { 'aria-labelledby': `${id}title`, 'aria-describedby': `${id}hint`, form: `${id}form` }) : shown(value)}
        {canChange && (
          <form id={`${id}form`} class="setting-form" onSubmit={save}>
            {isChanged && (
              <>
                <button type="submit" class="button primary small" disabled={isBusy}>{isBusy ? words.common.saving : words.common.save}</button>
                <button type="button" class="button quiet small" disabled={isBusy} onClick={() => setDraft(undefined)}>{words.common.undo}</button>
              </>
            )}
            <span class="soft" role="status">{isSaved ? words.common.saved : ''}</span>
            {isChanged && <Refusal error={error} />}
          </form>
        )}
      </div>
    </div>
  );
}
