import { brokenConnectors } from "../conformance/broken-connectors.ts";
import { connectorConformance } from "../conformance/connector.ts";
import { hubspotWorld } from "./hubspot-world.ts";

connectorConformance("HubSpot", hubspotWorld, brokenConnectors);
