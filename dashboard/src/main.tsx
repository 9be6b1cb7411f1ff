import { render } from 'preact';
import { App } from './app.tsx';
import { NavigationProvider } from './state/navigation.tsx';
import { language } from './text/index.ts';

document.documentElement.lang = language;
const root = document.getElementById('app');
if (root !== null) render(<NavigationProvider><App /></NavigationProvider>, root);
