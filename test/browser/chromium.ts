import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type Browser, chromium } from "playwright-core";

const modules = resolve(import.meta.dirname, "../../node_modules");
const quiet = [
  "--no-sandbox",
  "--disable-gpu",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--font-render-hinting=none",
];

/** The package's own font settings look in /tmp; without these, text has no glyphs where the system has no fonts. */
const fontsFile = "stagewire-fonts.conf";
const fonts = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>${folder}/fonts</dir>
  <cachedir>${folder}/fonts-cache</cachedir>
</fontconfig>
`;

/**
 * A headless Chromium that needs nothing of the system: the one inside `@sparticuz/chromium` (Linux, x64), unpacked once
 * per version. `CHROMIUM` names another binary, for machines that the package has none for.
 */
export async function launchChromium(): Promise<Browser> {
  if (process.env.CHROMIUM) return chromium.launch({ executablePath: process.env.CHROMIUM, args: quiet });
  const folder = await unpacked();
  return chromium.launch({
    executablePath: join(folder, "chromium"),
    args: quiet,
    env: {
      PATH: process.env.PATH ?? "",
      HOME: folder,
      TMPDIR: folder,
      LD_LIBRARY_PATH: join(folder, "al2023", "lib"),
      FONTCONFIG_FILE: join(folder, fontsFile),
    },
  });
}

/**
 * The package unpacks 200 MB into the temp directory and takes any file of that name for its own, finished or not. So each
 * process unpacks into a folder of its own and moves it to its place whole; whoever comes second uses the first one's.
 */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(readFileSync(join(modules, "@sparticuz/chromium/package.json"), "utf8")) as {
    version: string;
  };
  const place = join(modules, ".cache/chromium", version);
  if (existsSync(place)) return place;
  const own = `${place}.${randomUUID()}`;
  mkdirSync(own, { recursive: true });
  const kept = { TMPDIR: process.env.TMPDIR, LD_LIBRARY_PATH: process.env.LD_LIBRARY_PATH };
  process.env.TMPDIR = own;
  // Makes it unpack the NSS libraries too, which a bare Linux lacks.
  process.env.AWS_LAMBDA_JS_RUNTIME = "nodejs22.x";
  try {
    const { default: packaged } = await import("@sparticuz/chromium");
    await packaged.executablePath();
    writeFileSync(join(own, fontsFile), fonts(place));
    renameSync(own, place);
  } catch (error) {
    rmSync(own, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  } finally {
    for (const [name, value] of Object.entries(kept))
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
  return place;
}
