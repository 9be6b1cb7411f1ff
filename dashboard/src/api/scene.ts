// What is happening now, frame by frame: a scene first, then what changes of it.

import type { LiveChanges, LiveCount, LiveScene } from '../../../edge-collector/api.d.ts';

/** Events that a scene holds. */
const maxEvents = 60;

/** The next scene: what the collector's own `Scene::apply` does. */
export function applied(scene: LiveScene, changes: LiveChanges): LiveScene {
  const { left_out: _, events, pages, sources, countries, devices, ...rest } = changes;
  return {
    ...rest,
    pages: counts(scene.pages, pages),
    sources: counts(scene.sources, sources),
    countries: counts(scene.countries, countries),
    devices: counts(scene.devices, devices),
    // Not always newer than those before: a tab may have been offline.
    events: events.length === 0 ? scene.events : [...events, ...scene.events].sort((a, b) => b.at_ms - a.at_ms).slice(0, maxEvents),
  };
}

/** A list with its changes: 0 visitors is out of it. */
function counts(list: LiveCount[], changes: LiveCount[]): LiveCount[] {
  if (changes.length === 0) return list;
  const changed = new Set(changes.map(({ name }) => name));
  const next = [...list.filter(({ name }) => !changed.has(name)), ...changes.filter(({ visitors }) => visitors > 0)];
  return next.sort((a, b) => b.visitors - a.visitors || (a.name < b.name ? -1 : 1));
}
