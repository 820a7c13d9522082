using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.FluentUI.AspNetCore.Components;

public static class ServiceCollectionExtensions
{
    /// <summary>Registers what the components need. The stand-in's components need nothing; the package's do.</summary>
    public static IServiceCollection AddFluentUIComponents(this IServiceCollection services) => services;
}
