using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Tft.Inference.Security;

namespace Tft.Inference.Http;

/// <summary>Says in the document which scope each operation needs: <c>"security": [{ "api_key": ["read"] }]</c>.</summary>
internal static class OpenApiScopes
{
    private const string Scheme = "api_key";

    public static void AddScopes(this OpenApiOptions options)
    {
        options.AddDocumentTransformer(static (document, _, _) =>
        {
            document.AddComponent<IOpenApiSecurityScheme>(Scheme, new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Header,
                Name = RequireScopeExtensions.KeyHeader,
                Description = "A key with the scope that the operation names: feed, read or admin. As Authorization: Bearer too.",
            });
            return Task.CompletedTask;
        });
        options.AddOperationTransformer(static (operation, context, _) =>
        {
            if (context.Description.ActionDescriptor.EndpointMetadata.OfType<ScopeMetadata>().LastOrDefault() is { } needed)
                operation.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(Scheme, context.Document)] = [needed.Scope.Name()] }];
            return Task.CompletedTask;
        });
    }
}
