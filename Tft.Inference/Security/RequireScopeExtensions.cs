using Microsoft.Net.Http.Headers;
using Tft.Contract.Problems;
using Tft.Inference.Http;

namespace Tft.Inference.Security;

/// <summary>Endpoints that need a key.</summary>
internal static class RequireScopeExtensions
{
    public const string KeyHeader = "X-API-Key";

    /// <summary>
    /// Only a key with this scope gets through: 401 without a key, 403 with a wrong one or without the scope, as problem details.
    /// Needs no middleware: the check wraps the endpoint itself, so it can't be left out or come too late.
    /// </summary>
    public static TBuilder RequireScope<TBuilder>(this TBuilder builder, KeyScopes scope)
        where TBuilder : IEndpointConventionBuilder
    {
        builder.Finally(endpoint =>
        {
            endpoint.Metadata.Add(new ScopeMetadata(scope));
            if (endpoint.RequestDelegate is { } next)
                endpoint.RequestDelegate = context => CheckAsync(context, scope, next);
        });
        return builder;
    }

    private static Task CheckAsync(HttpContext context, KeyScopes scope, RequestDelegate next)
    {
        if (!TryGetKey(context.Request.Headers, out var key))
            return ProblemResult.WriteAsync(context, Problem.NoKey());
        if (context.RequestServices.GetRequiredService<ApiKeyStore>().Verify(key) is not { } identity)
            return ProblemResult.WriteAsync(context, Problem.BadKey());
        if ((identity.Scopes & scope) != scope)
            return ProblemResult.WriteAsync(context, Problem.BadScope(identity.Scopes.Name(), context.Request.Path, scope.Name()));

        context.Features.Set(identity);
        return next(context);
    }

    private static bool TryGetKey(IHeaderDictionary headers, out ReadOnlySpan<char> key)
    {
        key = default;
        // exactly one: with several, which of them a proxy checked would be anyone's guess
        if (headers.TryGetValue(KeyHeader, out var own) && own.Count == 1)
            key = own[0].AsSpan().Trim();
        else if (headers.TryGetValue(HeaderNames.Authorization, out var authorization) && authorization.Count == 1
            && authorization[0] is { } text && text.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase))
            key = text.AsSpan("Bearer ".Length).Trim();
        return !key.IsEmpty;
    }
}

/// <summary>The scope that an endpoint needs, for those who describe it.</summary>
internal sealed record ScopeMetadata(KeyScopes Scope);
