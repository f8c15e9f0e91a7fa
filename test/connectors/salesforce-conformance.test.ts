import { brokenConnectors } from "../conformance/broken-connectors.ts";
import { connectorConformance } from "../conformance/connector.ts";
import { salesforceWorld } from "./salesforce-world.ts";

connectorConformance("Salesforce", salesforceWorld, brokenConnectors);
