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
        Exception? error = null;
        try
        {
            await next(context);
        }
        catch (Exception e)
        {
            error = e;
            throw;
        }
        finally
        {
            Complete(context, span, error);
        }
    }

    private static void Complete(HttpContext context, Activity span, Exception? error)
    {
        // An exception handler clears the endpoint and keeps it, and the exception, in its feature.
        var handled = context.Features.Get<IExceptionHandlerFeature>();
        var status = error is null ? context.Response.StatusCode : StatusCodes.Status500InternalServerError;
        error ??= handled?.Error;
        if (error is OperationCanceledException && context.RequestAborted.IsCancellationRequested)
        {
            // The client went away, as every reader of an event stream does: no fault of ours.
            error = null;
            status = StatusCodes.Status499ClientClosedRequest;
        }

        if (((context.GetEndpoint() ?? handled?.Endpoint) as RouteEndpoint)?.RoutePattern.RawText is { } route)
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
        span.SetTag("error.type", error?.GetType().FullName ?? status.ToString(CultureInfo.InvariantCulture));
        span.SetStatus(ActivityStatusCode.Error, error?.Message);
        if (error is not null) span.AddException(error);
    }
}
