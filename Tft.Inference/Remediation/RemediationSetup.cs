using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Tft.ServiceDefaults.Hosting;

namespace Tft.Inference.Remediation;

/// <summary>Suggestions by runbook, and the record of what was decided on them.</summary>
internal static class RemediationSetup
{
    public static void AddRemediation(this WebApplicationBuilder builder)
    {
        var services = builder.Services;
        services.AddOptions<RemediationOptions>().BindConfiguration(RemediationOptions.Section).ValidateOnStart();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<RemediationOptions>, RemediationOptionsValidator>());
        services.AddSingleton(static provider => RunbookTable.Load(provider.GetRequiredService<IOptions<RemediationOptions>>().Value.Runbooks, []));
        services.AddSingleton<SuggestionReport>();
        services.AddSingleton(static provider => new ApprovalBook(
            DataDirectory.Resolve(provider.GetRequiredService<IConfiguration>()),
            provider.GetRequiredService<IOptions<RemediationOptions>>().Value.Approvals,
            provider.GetRequiredService<ILogger<ApprovalBook>>()));
    }
}
