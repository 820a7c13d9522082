using System.Runtime.CompilerServices;
using Bunit;
using Microsoft.Playwright;

namespace Tft.Tests.Infrastructure;

/// <summary>bunit gives what a page draws one second and Playwright five: a busy machine takes longer.</summary>
internal static class PatientAssertions
{
    [ModuleInitializer]
    internal static void Install()
    {
        BunitContext.DefaultWaitTimeout = Eventually.Timeout;
        Assertions.SetDefaultExpectTimeout((float)Eventually.Timeout.TotalMilliseconds);
    }
}
