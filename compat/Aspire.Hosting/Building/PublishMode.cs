using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Building;

/// <summary>Recognises a request to publish, which only Aspire itself can serve.</summary>
internal static class PublishMode
{
    public static DistributedApplicationOperation OperationOf(IConfiguration configuration)
    {
        var operation = configuration["AppHost:Operation"] ?? configuration["operation"];
        var publisher = configuration["Publishing:Publisher"] ?? configuration["publisher"];
        return string.Equals(operation, "publish", StringComparison.OrdinalIgnoreCase) || !string.IsNullOrEmpty(publisher)
            ? DistributedApplicationOperation.Publish
            : DistributedApplicationOperation.Run;
    }

    public static void ThrowIfPublishing(DistributedApplicationExecutionContext context)
    {
        if (context.IsPublishMode)
        {
            throw new NotSupportedException(
                "Publishing needs the real Aspire.Hosting: this build has its stand-in, which only runs an application on this machine. "
                + "Build with -p:TftPackages=full (or TFT_PACKAGES=full) and publish again.");
        }
    }
}
