import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Where the files lie that take a minute or more each, whatever their size: begun last, they would be waited for alone. */
const longest = ["test/browser/screens/", "test/simulation/", "test/e2e/"];
const isLong = ({ moduleId }: TestSpecification): boolean => longest.some((folder) => moduleId.includes(folder));

export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}
