import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "/",
  plugins: [react()],
  build: {
    outDir: "../../dist/console",
    emptyOutDir: true,
    // Nothing inline: the content policy allows this origin only.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
