// What cdk-nag finds in CloudFormation templates, as JSON on stdout: [{"rule", "resource", "description"}].
// Usage: node nag.mjs TEMPLATE...
// The output also has suppressed findings; its reader drops those that the template's Metadata suppress.
import { App, Stack } from "aws-cdk-lib";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";
import { AwsSolutionsChecks, ServerlessChecks } from "cdk-nag";

function check(templateFile) {
  const app = new App({ analyticsReporting: false });
  const stack = new Stack(app, "Stack");
  new CfnInclude(stack, "Template", { templateFile });
  return [AwsSolutionsChecks, ServerlessChecks]
    .map((Checks) => new Checks(app, { verbose: true }).validateScope(stack))
    .flatMap((report) => report.violations)
    .flatMap((violation) =>
      violation.violatingResources.map((resource) => ({
        rule: violation.ruleName,
        resource: resource.constructPath.split("/").at(-1),
        description: violation.description,
      })),
    );
}

console.log(JSON.stringify(process.argv.slice(2).flatMap(check), null, 2));
