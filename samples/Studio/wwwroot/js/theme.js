// Light or dark: as the system has it, until somebody says otherwise.
import { $ } from './dom.js';

const key = 'theme';
const dark = matchMedia('(prefers-color-scheme: dark)');

function apply() {
  const theme = localStorage.getItem(key) ?? (dark.matches ? 'dark' : 'light');
  document.documentElement.dataset.theme = theme;
  $('theme').setAttribute('aria-pressed', theme === 'dark');
  document.dispatchEvent(new Event('themechange'));
}

export function startTheme() {
  dark.addEventListener('change', apply);
  $('theme').addEventListener('click', () => {
    localStorage.setItem(key, document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark');
    apply();
  });
  apply();
}
