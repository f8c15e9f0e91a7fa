import type { Acts, ConnectionView, Tone } from "../../api/schema.ts";
import { audit } from "./en/audit.ts";
import { connectionsPage } from "./en/connections.ts";
import { deliveries } from "./en/deliveries.ts";
import { delivery, drawer } from "./en/delivery.ts";
import { developers } from "./en/developers.ts";
import { events, formats, time } from "./en/formats.ts";
import { claim, install, installFailed } from "./en/install.ts";
import { days, lanes } from "./en/lanes.ts";
import { mapping } from "./en/mapping.ts";
import { invitation, members } from "./en/members.ts";
import { meta } from "./en/meta.ts";
import { figures } from "./en/overview.ts";
import { preview } from "./en/preview.ts";
import { privacy } from "./en/privacy.ts";
import { problems } from "./en/problems.ts";
import { record } from "./en/record.ts";
import { sendAgain } from "./en/send-again.ts";
import { settings } from "./en/settings.ts";
import { setup } from "./en/setup.ts";
import { shell } from "./en/shell.ts";
import { session, signIn } from "./en/sign-in.ts";
import { tasks } from "./en/tasks.ts";

/** Every word a person reads in the console. Another language is a file of the same type: `typeof en`. */
export const en = {
  product: "Stagewire",
  title: (workspace: string) => `${workspace} · Stagewire`,
  demo: "Demo",
  demoExplained: "The CRMs and Meta are simulated on this machine. Nothing leaves it.",
  sandbox: "Drive the simulated CRMs",
  ...formats,
  none: "–",

  colorScheme: { label: "Colour scheme", auto: "Follow the system", light: "Light", dark: "Dark" },

  time,
  shell,
  drawer,
  figures,
  problems,
  tasks,
  sendAgain,
  deliveries,
  delivery,
  record,
  lanes,
  days,
  connectionsPage,
  settings,
  privacy,
  audit,
  developers,
  signIn,
  session,
  install,
  claim,
  installFailed,
  meta,
  setup,
  preview,
  mapping,
  members,
  invitation,

  status: {
    label: "Status",
    tones: {
      live: "Live",
      waiting: "Waiting",
      problem: "Problem",
      setup: "Setting up",
      paused: "Paused",
    } satisfies Record<Tone, string>,
    acts: {
      you: "You need to act",
      us: "We have to act",
      meta: "Meta has to act",
      crm: "Your CRM's vendor has to act",
      nobody: "Nobody needs to act",
    } satisfies Record<Acts, string>,
    safeBefore: (at: string, distance: string) => `Nothing is lost before ${at} (${distance})`,
    lostSince: (at: string) => `The oldest events expired on ${at}`,
    announced: (tone: string, sentence: string) => `${tone}. ${sentence}`,
  },

  freshness: {
    asOf: (at: string) => `As of ${at}`,
    old: (at: string, distance: string) => `These figures are old: as of ${at}, ${distance}.`,
    unreachable: (why: string) => `We could not load newer figures: ${why}. We keep trying.`,
  },

  unreachable: {
    title: "We could not load the overview",
    body: (why: string) =>
      `Reason: ${why}. We try again every 2 seconds. Reading and sending do not depend on this page.`,
    again: "Try again",
    announced: "We could not load newer figures.",
  },
  failure: {
    again: "Try again",
    because(why: string): string {
      return `${why.charAt(0).toUpperCase()}${why.slice(1).replace(/\.$/, "")}.`;
    },
    named: (title: string, why: string) => `${title}: ${why.replace(/\.$/, "")}.`,
    fix: (fix: string) => `What to do: ${fix}`,
    noAnswer: "the server does not answer",
    status: (status: number) => `the server answered with status ${status}`,
    form: "the server's answer could not be read",
  },

  connections: {
    title: "CRM accounts",
    empty: "No CRM is connected yet. Once one is, its account appears here and its current stages are read.",
    states: {
      reading: "Reading current stages",
      live: "Live",
      ready: "Ready, not live",
      disconnected: "Disconnected",
      paused: "Paused",
      limited: "Slowed down by the CRM",
    } satisfies Record<ConnectionView["state"], string>,
    lastRead: "Last checked",
    lastChange: "Last stage change",
    read: "Read so far",
    never: "not yet",
  },

  datasets: {
    title: "Meta datasets",
    empty: "No Meta dataset is connected yet. Once one is, what waits for it and what it accepted appears here.",
    sending: "Sending",
    paused: "Paused",
    retrying: "Trying again",
    quiet: "Ready",
    waiting: "Waiting",
    events,
    nextTry: "Next try",
    lastAccepted: "Last accepted",
    deadline: "First one expires",
    metaId: "Dataset id",
    never: "not yet",
  },
};
