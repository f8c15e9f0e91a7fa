import "./styles.ts";
import { DirectionProvider, MantineProvider } from "@mantine/core";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { Refused } from "./api/call.ts";
import { router } from "./router.tsx";
import { theme } from "./theme.ts";

const nonce = document.querySelector<HTMLMetaElement>('meta[name="csp-nonce"]')?.content ?? "";
// A server on this machine answers without a network, and each failure is shown at once, with a way to try again.
const queries = new QueryClient({
  queryCache: new QueryCache({
    // The session has ended meanwhile: ask who is signed in, and the page for nobody is shown.
    onError: (error, { queryKey: [name] }) => {
      if (error instanceof Refused && error.code === "not_signed_in" && name !== "installs" && name !== "install")
        void queries.invalidateQueries({ queryKey: ["session"] });
    },
  }),
  defaultOptions: { queries: { networkMode: "always", retry: false }, mutations: { networkMode: "always" } },
});
const root = document.getElementById("root");
if (!root) throw new Error("index.html has no #root");

createRoot(root).render(
  <StrictMode>
    <DirectionProvider>
      <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <QueryClientProvider client={queries}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </DirectionProvider>
  </StrictMode>,
);
