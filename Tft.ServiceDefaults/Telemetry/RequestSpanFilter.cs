using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Tft.ServiceDefaults.Health;

namespace Tft.ServiceDefaults.Telemetry;

/// <summary>
/// Completes the request's span with what ASP.NET Core leaves out without an instrumentation package: name, route, status,
/// error. Outermost of all, so that it sees the answer that is really given. Health probes are not recorded.
/// </summary>
internal sealed class RequestSpanFilter : IStartupFilter
{
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
    {
        app.Use(static requestDelegate => context => InvokeAsync(context, requestDelegate));
        next(app);
    };

    private static Task InvokeAsync(HttpContext context, RequestDelegate next)
    {
        if (context.Features.Get<IHttpActivityFeature>()?.Activity is not { } span) return next(context);

        if (context.Request.Path.Value is HealthEndpoints.HealthPath or HealthEndpoints.AlivePath)
        {
            span.IsAllDataRequested = false;
            span.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
            return next(context);
        }

        return span.IsAllDataRequested ? FollowAsync(context, next, span) : next(context);
    }

    private static async Task FollowAsync(HttpContext context, RequestDelegate next, Activity span)
    {
        try
        {
            await next(context);
            Complete(context, span, context.Response.StatusCode);
        }
        catch (Exception e)
        {
            Complete(context, span, StatusCodes.Status500InternalServerError);
            span.SetTag("error.type", e.GetType().FullName);
            span.SetStatus(ActivityStatusCode.Error, e.Message);
            span.AddException(e);
            throw;
        }
    }

    private static void Complete(HttpContext context, Activity span, int status)
    {
        // An exception handler clears the endpoint and keeps it in its feature.
        var endpoint = context.GetEndpoint() ?? context.Features.Get<IExceptionHandlerFeature>()?.Endpoint;
        if ((endpoint as RouteEndpoint)?.RoutePattern.RawText is { } route)
        {
            if (!route.StartsWith('/')) route = "/" + route;
            span.SetTag("http.route", route);
            span.DisplayName = $"{context.Request.Method} {route}";
        }
        else
        {
            span.DisplayName = context.Request.Method;
        }

        span.SetTag("http.response.status_code", status);
        if (status < StatusCodes.Status500InternalServerError) return;
        span.SetTag("error.type", status.ToString(CultureInfo.InvariantCulture));
        span.SetStatus(ActivityStatusCode.Error);
    }
}
