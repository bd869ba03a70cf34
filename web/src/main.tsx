import '@fontsource-variable/inter/index.css';
import '@fontsource-variable/source-serif-4/index.css';
import '@mantine/core/styles.css';
import '@mantine/spotlight/styles.css';
import './styles/base.css';
import './styles/overview.css';

import { MantineProvider } from '@mantine/core';
import { MutationCache, QueryCache, QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { setNonce } from 'get-nonce';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/client';
import { Toasts } from './components/Toasts';
import { cssVariables, styleNonce, theme } from './lib/theme';
import { router } from './router';

/** A session that ended shows at the first refused call: ask who we are again, and the shell leads to the sign-in. */
function signedOut(error: unknown) {
  if (error instanceof ApiError && error.status === 401 && client.getQueryData(['session'])) client.setQueryData(['session'], null);
}

const client: QueryClient = new QueryClient({
  queryCache: new QueryCache({ onError: signedOut }),
  mutationCache: new MutationCache({ onError: signedOut }),
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (count, error) => count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
    },
  },
});

// The lock of scrolling behind a dialog writes a style element of its own; without the nonce the policy refuses it.
setNonce(styleNonce());

const root = document.getElementById('root');
if (!root) throw new Error('the page has no root element');
createRoot(root).render(
  <StrictMode>
    <MantineProvider theme={theme} cssVariablesResolver={cssVariables} defaultColorScheme="auto" getStyleNonce={styleNonce}>
      <QueryClientProvider client={client}>
        <Toasts>
          <RouterProvider router={router} />
        </Toasts>
      </QueryClientProvider>
    </MantineProvider>
  </StrictMode>,
);
