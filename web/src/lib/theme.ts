/** Colours and type. Every text colour here was checked with axe in both themes. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple } from '@mantine/core';

const ink: MantineColorsTuple = ['#eef0ff', '#dfe3fd', '#bcc5f8', '#97a4f2', '#7887ec', '#6473e6', '#4a58d6', '#3b49bd', '#303ca0', '#262f80'];

// A blue-grey night; Mantine's own is neutral grey and looks dirty beside it.
const dark: MantineColorsTuple = ['#e6e8ee', '#b6bbc8', '#a3a9b8', '#8c93a3', '#3a3f4c', '#2e323d', '#21252d', '#191c22', '#14161b', '#0f1115'];

export const theme = createTheme({
  primaryColor: 'ink',
  primaryShade: { light: 7, dark: 6 },
  colors: { ink, dark },
  fontFamily: '"Inter Variable", system-ui, sans-serif',
  fontFamilyMonospace: 'ui-monospace, SFMono-Regular, Menlo, Consolas, monospace',
  headings: { fontFamily: '"Inter Variable", system-ui, sans-serif', fontWeight: '600' },
  defaultRadius: 'md',
  cursorType: 'pointer',
  focusRing: 'auto',
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'sm' } },
    TextInput: { defaultProps: { size: 'sm' } },
    Select: { defaultProps: { size: 'sm', comboboxProps: { shadow: 'md' } } },
    Modal: { defaultProps: { centered: true, overlayProps: { backgroundOpacity: 0.35, blur: 2 }, transitionProps: { duration: 120 } } },
    Tooltip: { defaultProps: { openDelay: 350, withArrow: true } },
  },
});

export const cssVariables: CSSVariablesResolver = () => ({
  variables: {},
  light: { '--mantine-color-dimmed': '#5a6172', '--mantine-color-body': '#f7f7f9', '--mantine-color-text': '#1b1e27', '--mantine-color-placeholder': '#6b7280', '--mantine-color-error': '#b42318' },
  dark: { '--mantine-color-dimmed': '#a3a9b8', '--mantine-color-body': '#14161b', '--mantine-color-text': '#e6e8ee', '--mantine-color-placeholder': '#959cab', '--mantine-color-error': '#ff8f85' },
});

/** The nonce of this page; the server puts it into the meta tag on every request. */
export function styleNonce(): string {
  return document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? '';
}
