using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Running;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.Building;

/// <summary>The variables that a project gets before any of its own <c>WithEnvironment</c>.</summary>
internal static class ProjectEnvironment
{
    public static void Fill(EnvironmentCallbackContext context, IDistributedApplicationBuilder builder, (string Name, LaunchProfile Profile)? profile)
    {
        var variables = context.EnvironmentVariables;
        AddTelemetry(variables, context.Resource, builder);
        variables["LOGGING__CONSOLE__FORMATTERNAME"] = "simple";
        variables["DOTNET_SYSTEM_CONSOLE_ALLOW_ANSI_COLOR_REDIRECTION"] = "true";
        AddUrls(variables, (IResourceWithEndpoints)context.Resource);

        if (profile is not { } chosen)
            return;
        variables.TryAdd("DOTNET_LAUNCH_PROFILE", chosen.Name);
        foreach (var (name, value) in chosen.Profile.EnvironmentVariables)
            variables.TryAdd(name, Environment.ExpandEnvironmentVariables(value));
    }

    private static void AddUrls(Dictionary<string, object> variables, IResourceWithEndpoints project)
    {
        var endpoints = project.Annotations.OfType<EndpointAnnotation>()
            .Where(endpoint => endpoint.IsHttp && endpoint.PortVariable is null)
            .Select(endpoint => new EndpointReference(project, endpoint.Name))
            .ToList();
        if (endpoints.Count == 0)
            return;
        variables["ASPNETCORE_URLS"] = new OwnUrls(endpoints);
        if (endpoints.FirstOrDefault(endpoint => endpoint.IsHttps) is { } https)
            variables["ASPNETCORE_HTTPS_PORT"] = https.Property(EndpointProperty.Port);
    }

    private static void AddTelemetry(Dictionary<string, object> variables, IResource project, IDistributedApplicationBuilder builder)
    {
        variables["OTEL_SERVICE_NAME"] = project.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = new InstanceIdAttribute();
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";

        // Aspire's dashboard always receives; here nobody does unless an endpoint is named
        var configuration = builder.Configuration;
        var grpc = configuration["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] ?? configuration["DOTNET_DASHBOARD_OTLP_ENDPOINT_URL"];
        var http = configuration["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"];
        if ((grpc ?? http) is { Length: > 0 } endpoint)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = grpc is not null ? "grpc" : "http/protobuf";
            if (configuration["AppHost:OtlpApiKey"] is { Length: > 0 } key)
                variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        if (!builder.Environment.IsDevelopment())
            return;
        variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
        variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
        variables["OTEL_TRACES_SAMPLER"] = "always_on";
        variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        variables["OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_ASPNETCORE_DISABLE_URL_QUERY_REDACTION"] = "true";
        variables["OTEL_DOTNET_EXPERIMENTAL_HTTPCLIENT_DISABLE_URL_QUERY_REDACTION"] = "true";
    }
}
